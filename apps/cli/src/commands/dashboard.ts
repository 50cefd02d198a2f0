import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { runProcess } from '../run-process.ts';

/** `parley dashboard` */
export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('run the dashboard, which shows the queues and their jobs in a browser')
    .option('--port <port>', 'listen on this port instead of PORT')
    .option('--host <host>', 'listen on this address instead of HOST')
    .addHelpText('after', environmentHelp('dashboard'))
    .addHelpText('after', '\nExample:\n  REDIS_URL=redis://127.0.0.1:6379 parley dashboard')
    .action(async ({ port, host }: { port?: string; host?: string }) => {
      const load = async () => (await import('@parley/dashboard')).startDashboard;
      await runProcess('dashboard', load, { PORT: port, HOST: host });
    });
}
