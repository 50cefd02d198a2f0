import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isAlive } from './process-identity.ts';

/** A numbered folder that one running process owns at a time. */
export interface DataFolder extends Disposable {
  readonly path: string;
}

/** Contains the id of a server process that uses the folder and may outlive the owner. */
export const serverPidFile = 'server.pid';
const ownerFile = /^owner\.(\d+)\.(\d+)$/;
const maxFolders = 1000;

/**
 * Claims the lowest numbered folder below `parent` that no live process owns, or creates a new one. The owner's process id
 * is part of a file name. Renaming that file claims the folder, so that of several processes that find the same dead owner
 * only one succeeds.
 *
 * @throws Error if no folder can be created
 */
export function claimDataFolder(parent: string, pid: number = process.pid): DataFolder {
  mkdirSync(parent, { recursive: true });
  const self = identityOf(pid);
  const mine = `owner.${self.pid}.${self.startTicks}`;
  for (let number = 1; number <= maxFolders; number++) {
    const path = join(parent, String(number));
    if (!(createOwned(path, mine) || claimAbandoned(path, mine))) continue;
    return { path, [Symbol.dispose]: () => renameSync(join(path, mine), join(path, 'owner.0.0')) };
  }
  throw new Error(`all ${maxFolders} folders below ${parent} are in use`);
}

function createOwned(path: string, mine: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, mine), '');
  return true;
}

function claimAbandoned(path: string, mine: string): boolean {
  const files = readdirSync(path);
  const owner = files.find((file) => ownerFile.test(file));
  // The process that created the folder has not written its file yet.
  if (owner === undefined) return false;
  const [, pid = '0', startTicks = '0'] = ownerFile.exec(owner) ?? [];
  if (pid !== '0' && isAlive({ pid: Number(pid), startTicks })) return false;
  if (files.includes(serverPidFile) && hasLiveServer(join(path, serverPidFile))) return false;
  try {
    renameSync(join(path, owner), join(path, mine));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function hasLiveServer(pidFile: string): boolean {
  const [pid = '0', startTicks = '0'] = readFileSync(pidFile, 'utf8').split(' ');
  return Number(pid) > 0 && isAlive({ pid: Number(pid), startTicks });
}
