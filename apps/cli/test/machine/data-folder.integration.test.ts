import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serverPidFile, claimDataFolder } from '../../src/machine/data-folder.ts';
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

const claim = (parent: string, pid?: number): string => basename(claimDataFolder(parent, pid).path);

describe('claimDataFolder', () => {
  it('gives two live processes different folders, and reuses a released folder', () => {
    using parent = temporaryFolder();
    const first = claimDataFolder(parent.path);
    expect(basename(first.path)).toBe('1');
    expect(claim(parent.path, process.ppid)).toBe('2');
    first[Symbol.dispose]();
    expect(claim(parent.path)).toBe('1');
  });

  it('claims the folder of a dead process', async () => {
    using parent = temporaryFolder();
    expect(claim(parent.path, await deadProcess())).toBe('1');
    expect(claim(parent.path)).toBe('1');
    expect(readdirSync(join(parent.path, '1'))).toHaveLength(1);
  });

  it('claims the folder of a dead process whose id has been reused', () => {
    using parent = temporaryFolder();
    const { path } = claimDataFolder(parent.path);
    const [owner = ''] = readdirSync(path);
    rmSync(join(path, owner));
    writeFileSync(join(path, `owner.${process.pid}.1`), '');
    expect(claim(parent.path)).toBe('1');
  });

  it('does not claim a folder that a live server uses', async () => {
    using parent = temporaryFolder();
    const { path } = claimDataFolder(parent.path, await deadProcess());
    const { pid, startTicks } = identityOf(process.pid);
    writeFileSync(join(path, serverPidFile), `${pid} ${startTicks}`);
    expect(claim(parent.path)).toBe('2');
  });
});
