import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { thisMachine } from '../machine/machine.ts';
import { lanAccess } from '../up/lan-access.ts';
import { runUp } from '../up/up.ts';
import { workspace } from '../up/workspace.ts';

const examples = `
Examples:
  parley up                                everything on this machine, with the local engine
  OPENAI_API_KEY=... parley up             the same with OpenAI
  PORT=9000 WORKERS=inline parley up       another port, and the worker in the edge process
  REDIS_URL=redis://10.0.0.5 parley up     an existing Redis
  parley up --lan                          phones in the same network can connect, with a key
`;

/** `parley up`: everything on one machine, each part in its own process. */
export function upCommand(): Command {
  return new Command('up')
    .description('run everything on this machine: Redis, engine, worker, edge and dashboard')
    .option('--logs', 'show the logs of all processes in the terminal instead of writing them to files', false)
    .option('--lan', 'let other devices in the local network connect, and make a key if API_KEYS is not set', false)
    .addHelpText('after', environmentHelp('up'))
    .addHelpText('after', examples)
    .action(async ({ logs, lan }: { logs: boolean; lan: boolean }) => {
      await runUp({
        machine: thisMachine(process.env),
        stateFolder: workspace.state,
        program: workspace.program,
        showLogs: logs,
        lan: lan ? lanAccess() : undefined,
        isTerminal: process.stdout.isTTY,
        print: (text) => process.stdout.write(`${text}\n`),
      });
    });
}
