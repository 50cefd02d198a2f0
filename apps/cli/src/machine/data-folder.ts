import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isAlive } from './process-identity.ts';

/** A numbered folder that belongs to one running process at a time. */
export interface DataFolder extends Disposable {
  readonly path: string;
}

/** Holds the id of a server that works in the folder and might outlive the owner of the folder. */
export const serverPidFile = 'server.pid';
const ownerFile = /^owner\.(\d+)\.(\d+)$/;
const mostFolders = 1000;

/**
 * Takes the lowest numbered folder below `parent` that no living process owns, or makes a new one. The owner's process
 * id stands in the name of a file, and a rename of that file is the claim: of several processes that find the same
 * dead owner, the rename succeeds for one.
 *
 * @throws an Error where a folder can't be made
 */
export function takeDataFolder(parent: string, pid: number = process.pid): DataFolder {
  mkdirSync(parent, { recursive: true });
  const self = identityOf(pid);
  const mine = `owner.${self.pid}.${self.startTicks}`;
  for (let number = 1; number <= mostFolders; number++) {
    const path = join(parent, String(number));
    if (!(makeNew(path, mine) || takeOver(path, mine))) continue;
    return { path, [Symbol.dispose]: () => renameSync(join(path, mine), join(path, 'owner.0.0')) };
  }
  throw new Error(`all ${mostFolders} folders below ${parent} are in use`);
}

function makeNew(path: string, mine: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, mine), '');
  return true;
}

function takeOver(path: string, mine: string): boolean {
  const files = readdirSync(path);
  const owner = files.find((file) => ownerFile.test(file));
  // No owner: the process that made the folder has not written its name yet.
  if (owner === undefined) return false;
  const [, pid = '0', startTicks = '0'] = ownerFile.exec(owner) ?? [];
  if (pid !== '0' && isAlive({ pid: Number(pid), startTicks })) return false;
  if (files.includes(serverPidFile) && hasLivingServer(join(path, serverPidFile))) return false;
  try {
    renameSync(join(path, owner), join(path, mine));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function hasLivingServer(pidFile: string): boolean {
  const [pid = '0', startTicks = '0'] = readFileSync(pidFile, 'utf8').split(' ');
  return Number(pid) > 0 && isAlive({ pid: Number(pid), startTicks });
}
