import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { thisMachine } from '../machine/machine.ts';
import { roomArgument } from '../option-parsers.ts';
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
  parley up --lan --room sunday-service    the same, and the audience's link is the same each time
`;

/** `parley up`: everything on one machine, each part in its own process. */
export function upCommand(): Command {
  return new Command('up')
    .description('run everything on this machine: Redis, engine, worker, edge and dashboard')
    .option('--logs', 'show the logs of all processes in the terminal instead of writing them to files', false)
    .option('--lan', 'let other devices in the local network connect, and make a key if API_KEYS is not set', false)
    .option('--room <name>', 'with --lan: the room of the talks, whose link for listeners never changes', roomArgument)
    .addHelpText('after', environmentHelp('up'))
    .addHelpText('after', examples)
    .action(async ({ logs, lan, room }: { logs: boolean; lan: boolean; room?: string }, command: Command) => {
      // Without --lan there is no token, and the page on this machine may name any room.
      if (room !== undefined && !lan) command.error("error: option '--room' needs '--lan'");
      await runUp({
        machine: thisMachine(process.env),
        stateFolder: workspace.state,
        program: workspace.program,
        showLogs: logs,
        lan: lan ? lanAccess(room) : undefined,
        isTerminal: process.stdout.isTTY,
        print: (text) => process.stdout.write(`${text}\n`),
      });
    });
}
