import { readFile } from 'node:fs/promises';
import { Command } from 'commander';

const commandLoaders = {
  up: async () => (await import('./commands/up.ts')).upCommand(),
  edge: async () => (await import('./commands/edge.ts')).edgeCommand(),
  worker: async () => (await import('./commands/worker.ts')).workerCommand(),
  engine: async () => (await import('./commands/engine.ts')).engineCommand(),
  dashboard: async () => (await import('./commands/dashboard.ts')).dashboardCommand(),
  translate: async () => (await import('./commands/translate.ts')).translateCommand(),
  listen: async () => (await import('./commands/listen.ts')).listenCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  usage: async () => (await import('./commands/usage.ts')).usageCommand(),
  keys: async () => (await import('./commands/keys.ts')).keysCommand(),
  tenants: async () => (await import('./commands/tenants.ts')).tenantsCommand(),
  quality: async () => (await import('./commands/quality.ts')).qualityCommand(),
  load: async () => (await import('./commands/load.ts')).loadCommand(),
} satisfies Record<string, () => Promise<Command>>;

const epilogue = `
Examples:
  parley up
  printf 'Good morning everyone.\\n' | parley translate --from en --to es,ca
  parley translate talk.srt --from en --to es
  parley replay test/fixtures/asr-traces/meeting.jsonl --to es
  parley listen K7QX2M9TFA --to es

Everything else is set by environment variables: \`parley COMMAND --help\` lists those that a process reads,
docs/configuration.md lists all.
Exit codes: 0 success, 1 failure, 2 wrong usage or an invalid variable.`;

/**
 * Creates the command line. Instead of exiting, it throws a `CommanderError` (wrong usage, or help shown).
 *
 * @param name the command to run; only its code is loaded. With any other name, or none, all are loaded for the help
 */
export async function createProgram(name: string | undefined): Promise<Command> {
  const program = new Command('parley')
    .description('self-hosted live translation: transcripts in, translations out')
    .version(await packageVersion(), '-V, --version', 'print the version')
    .addHelpText('after', epilogue);
  const wanted = Object.entries(commandLoaders).filter(([known]) => known === name);
  const loaders = wanted.length > 0 ? wanted.map(([, load]) => load) : Object.values(commandLoaders);
  const commands = await Promise.all(loaders.map((load) => load()));
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap(({ commands: parts }) => parts)]) {
    command.exitOverride().showHelpAfterError('(see --help)');
  }
  return program;
}

async function packageVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
