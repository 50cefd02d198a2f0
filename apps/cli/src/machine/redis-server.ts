import { findExecutable } from './executable.ts';
import type { Machine } from './machine.ts';
import { MissingProgramError } from './missing-program-error.ts';
import { findPackageManager, type PackageManager } from './package-manager.ts';
import { CommandError, runCommand } from './run-command.ts';

const programs = ['redis-server', 'valkey-server'];
const packages: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['redis-server', 'valkey-server'],
  brew: ['redis', 'valkey'],
};
/** Sharded publish and subscribe came with Redis 7. */
const oldestMajor = 7;

/**
 * The program that serves Redis, new enough for Parley: found on the PATH or installed with the system's package manager.
 *
 * @returns its full path
 * @throws MissingProgramError that says what to do
 */
export async function provideRedisServer(machine: Machine): Promise<string> {
  const found = await findRedisServer(machine);
  if (found.path !== undefined) return found.path;
  const manager = await findPackageManager(machine);
  const name = manager === undefined ? undefined : (await offered(manager))[0];
  if (manager === undefined || name === undefined || manager.blockedBecause !== undefined || found.tooOld !== undefined)
    throw new MissingProgramError(whatToDo(found.tooOld, manager, name));
  try {
    await manager.install([name]);
  } catch (cause) {
    throw new MissingProgramError(`${whatToDo(undefined, manager, name)}\n${String(cause)}`, { cause });
  }
  const installed = await findRedisServer(machine);
  if (installed.path === undefined) throw new MissingProgramError(whatToDo(installed.tooOld, manager, name));
  return installed.path;
}

async function offered(manager: PackageManager): Promise<readonly string[]> {
  const names = packages[manager.name] ?? [];
  try {
    return await manager.offered(names);
  } catch (cause) {
    throw new MissingProgramError(`${whatToDo(undefined, manager, names[0])}\n${String(cause)}`, { cause });
  }
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

function whatToDo(tooOld: string | undefined, manager: PackageManager | undefined, name: string | undefined): string {
  const seen = tooOld === undefined ? `no ${programs.join(' or ')} is on the PATH` : `there is only ${tooOld}`;
  const because = manager?.blockedBecause === undefined ? '' : ` (${manager.blockedBecause})`;
  const todo =
    tooOld !== undefined || manager === undefined || name === undefined
      ? `Install Redis ${oldestMajor} or newer, or Valkey (https://redis.io/docs/latest/operate/oss_and_stack/install/)`
      : `It could not be installed from here${because}. Run\n  ${manager.commandLine([name])}\nand start again`;
  return `Redis ${oldestMajor} or newer is needed, and ${seen}. ${todo}, or set REDIS_URL to one that runs already.`;
}
