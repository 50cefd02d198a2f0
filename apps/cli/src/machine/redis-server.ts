import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { MissingProgramError } from './missing-program-error.ts';
import type { Program } from './program.ts';
import { providePrograms } from './provide-programs.ts';
import { CommandError, runCommand } from './run-command.ts';

const programs = ['redis-server', 'valkey-server'];
/** Sharded publish and subscribe came with Redis 7. */
const oldestMajor = 7;

/** The program that serves Redis. */
export const redisServer: Program = {
  name: `Redis ${oldestMajor} or newer`,
  packages: { 'apt-get': [['redis-server', 'valkey-server']], brew: [['redis', 'valkey']] },
  byHand: `Redis ${oldestMajor} or newer, or Valkey (https://redis.io/docs/latest/operate/oss_and_stack/install/)`,
  isMadeOf: (packages) => packages.length > 0,
  async findLack(machine) {
    const { path, tooOld } = await findRedisServer(machine);
    if (path !== undefined) return undefined;
    if (tooOld !== undefined) return { seen: `there is only ${tooOld}`, isTooOld: true };
    return { seen: `no ${programs.join(' or ')} is on the PATH` };
  },
};

/**
 * The program that serves Redis, new enough for Parley: found on the PATH or installed with the system's package manager.
 *
 * @returns its full path
 * @throws MissingProgramError that says what to do
 */
export async function provideRedisServer(machine: Machine): Promise<string> {
  const { path } = await findRedisServer(machine);
  if (path !== undefined) return path;
  await providePrograms(machine, [redisServer]);
  const installed = await findRedisServer(machine);
  if (installed.path === undefined) throw new MissingProgramError('Redis is gone again from the PATH', [redisServer]);
  return installed.path;
}

interface Found {
  readonly path?: string;
  /** What was there instead, such as `/usr/bin/redis-server 6.0.16`. */
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
