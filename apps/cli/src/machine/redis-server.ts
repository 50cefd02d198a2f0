import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { MissingProgramError } from './missing-program-error.ts';
import type { Program } from './program.ts';
import { ensurePrograms } from './ensure-programs.ts';
import { CommandError, runCommand } from './run-command.ts';

const programs = ['redis-server', 'valkey-server'];
/** Redis 7 introduced sharded pub/sub. */
const oldestMajor = 7;

export const redisServer: Program = {
  name: `Redis ${oldestMajor} or newer`,
  packages: { 'apt-get': [['redis-server', 'valkey-server']], brew: [['redis', 'valkey']] },
  manualInstall: `Redis ${oldestMajor} or newer, or Valkey (https://redis.io/docs/latest/operate/oss_and_stack/install/)`,
  isCompleteWith: (packages) => packages.length > 0,
  async findProblem(machine) {
    const { path, tooOld } = await findRedisServer(machine);
    if (path !== undefined) return undefined;
    if (tooOld !== undefined) return { description: `there is only ${tooOld}`, isTooOld: true };
    return { description: `no ${programs.join(' or ')} is on the PATH` };
  },
};

/**
 * Finds a recent enough Redis server on the PATH, or installs one with the system's package manager.
 *
 * @returns its full path
 * @throws MissingProgramError whose message explains what to do
 */
export async function ensureRedisServer(machine: Machine): Promise<string> {
  const { path } = await findRedisServer(machine);
  if (path !== undefined) return path;
  await ensurePrograms(machine, [redisServer]);
  const installed = await findRedisServer(machine);
  if (installed.path === undefined)
    throw new MissingProgramError('Redis was installed but is not on the PATH', [redisServer]);
  return installed.path;
}

interface Found {
  readonly path?: string;
  /** The outdated server that was found, such as `/usr/bin/redis-server 6.0.16`. */
  readonly tooOld?: string;
}

async function findRedisServer(machine: Machine): Promise<Found> {
  let tooOld: string | undefined;
  for (const program of programs) {
    const path = findExecutable(program, machine);
    if (path === undefined) continue;
    const version = await versionOf(machine, path);
    if (Number.parseInt(version, 10) >= oldestMajor) return { path };
    tooOld ??= `${path} ${version}`;
  }
  return tooOld === undefined ? {} : { tooOld };
}

async function versionOf(machine: Machine, path: string): Promise<string> {
  try {
    const output = await runCommand(machine, [path, '--version'], { timeoutMs: 10_000 });
    return /\bv=(\d[^\s]*)/.exec(output)?.[1] ?? 'of unknown version';
  } catch (error) {
    if (error instanceof CommandError) return 'that does not run';
    throw error;
  }
}
