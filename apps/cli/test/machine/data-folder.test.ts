import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serverPidFile, takeDataFolder } from '../../src/machine/data-folder.ts';
import { identityOf } from '../../src/machine/process-identity.ts';

function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'parley-folders-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version']);
  const pid = child.pid ?? 0;
  await once(child, 'exit');
  return pid;
}

const take = (parent: string, pid?: number): string => basename(takeDataFolder(parent, pid).path);

describe('takeDataFolder', () => {
  it('gives two living processes two folders, and a released one to the next', () => {
    using parent = temporaryFolder();
    const first = takeDataFolder(parent.path);
    expect(basename(first.path)).toBe('1');
    expect(take(parent.path, process.ppid)).toBe('2');
    first[Symbol.dispose]();
    expect(take(parent.path)).toBe('1');
  });

  it('takes over the folder of a process that is gone', async () => {
    using parent = temporaryFolder();
    expect(take(parent.path, await deadProcess())).toBe('1');
    expect(take(parent.path)).toBe('1');
    expect(readdirSync(join(parent.path, '1'))).toHaveLength(1);
  });

  it('takes over from a process whose id another one has got since', () => {
    using parent = temporaryFolder();
    const { path } = takeDataFolder(parent.path);
    const [owner = ''] = readdirSync(path);
    rmSync(join(path, owner));
    writeFileSync(join(path, `owner.${process.pid}.1`), '');
    expect(take(parent.path)).toBe('1');
  });

  it('leaves a folder alone while a server still works in it', async () => {
    using parent = temporaryFolder();
    const { path } = takeDataFolder(parent.path, await deadProcess());
    const { pid, startTicks } = identityOf(process.pid);
    writeFileSync(join(path, serverPidFile), `${pid} ${startTicks}`);
    expect(take(parent.path)).toBe('2');
  });
});
