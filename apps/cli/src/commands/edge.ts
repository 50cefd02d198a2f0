import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { runProcess } from '../run-process.ts';

/** `parley edge` */
export function edgeCommand(): Command {
  return new Command('edge')
    .description('run one edge: the WebSocket server that clients speak to')
    .option('--port <port>', 'listen on this port instead of PORT')
    .option('--host <host>', 'listen on this address instead of HOST')
    .addHelpText('after', environmentHelp('edge'))
    .addHelpText('after', '\nExample:\n  REDIS_URL=redis://127.0.0.1:6379 parley edge --port 8787')
    .action(async ({ port, host }: { port?: string; host?: string }) => {
      const load = async () => (await import('@parley/edge')).startEdge;
      await runProcess('edge', load, { PORT: port, HOST: host });
    });
}
