import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('../scripts/bootstrap.mjs', import.meta.url));

/** A clone with only the script and a lock file, an npm that records its calls, and a build of the pages that does nothing. */
class Clone implements AsyncDisposable {
  readonly folder: string;

  static async make(): Promise<Clone> {
    const clone = new Clone(await mkdtemp(join(tmpdir(), 'parley-clone-')));
    await mkdir(join(clone.folder, 'scripts'));
    await mkdir(join(clone.folder, 'bin'));
    await copyFile(script, join(clone.folder, 'scripts', 'bootstrap.mjs'));
    await clone.lock('{}');
    await clone.pages('');
    await clone.npm('sleep 0.3\nmkdir -p node_modules/.bin\nln -sf "$NODE" node_modules/.bin/node');
    return clone;
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  async lock(content: string): Promise<void> {
    await writeFile(join(this.folder, 'package-lock.json'), content);
  }

  /** @param build what builds the pages */
  async pages(build: string): Promise<void> {
    await mkdir(join(this.folder, 'apps/web/scripts'), { recursive: true });
    await writeFile(join(this.folder, 'apps/web/scripts/build.ts'), build);
  }

  async npm(body: string): Promise<void> {
    const path = join(this.folder, 'bin', 'npm');
    await writeFile(path, `#!/bin/sh\necho "$*" >> calls\n${body}\n`);
    await chmod(path, 0o755);
  }

  /** @param user whom to start it as: an id; absent: the one who runs the tests */
  async start(user?: number): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [join(this.folder, 'scripts', 'bootstrap.mjs')], {
      env: { PATH: `${join(this.folder, 'bin')}:/usr/bin:/bin`, NODE: process.execPath },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(user === undefined ? {} : { uid: user }),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  }

  async installs(): Promise<number> {
    return (await readFile(join(this.folder, 'calls'), 'utf8')).trimEnd().split('\n').length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

describe('scripts/bootstrap.mjs', () => {
  it('installs once, and again after a change of the lock file', async () => {
    await using clone = await Clone.make();
    expect((await clone.start()).code).toBe(0);
    expect((await clone.start()).said).toBe('');
    expect(await clone.installs()).toBe(1);
    await clone.lock('{"changed":true}');
    expect((await clone.start()).code).toBe(0);
    expect(await clone.installs()).toBe(2);
  });

  it('builds the pages at each start, and says so if they can not be built', async () => {
    await using clone = await Clone.make();
    await clone.pages('console.error(process.argv.at(-1))');
    expect((await clone.start()).said).toMatch(/^--if-changed$/m);
    await clone.pages('process.exit(3)');
    const failed = await clone.start();
    expect([failed.code, failed.said]).toEqual([1, 'The web pages could not be built (3); see the messages above.\n']);
  });

  it('installs once for two concurrent starts', async () => {
    await using clone = await Clone.make();
    const both = await Promise.all([clone.start(), clone.start()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await clone.installs()).toBe(1);
  });

  it('takes over the lock of a start that was killed', async () => {
    await using clone = await Clone.make();
    const gone = spawn(process.execPath, ['--version']);
    await once(gone, 'close');
    await mkdir(join(clone.folder, '.parley'));
    await writeFile(join(clone.folder, '.parley', 'install.lock'), String(gone.pid));
    expect((await clone.start()).code).toBe(0);
    expect(await clone.installs()).toBe(1);
  });

  it('does not replace packages while Parley is running', async () => {
    await using clone = await Clone.make();
    await clone.start();
    await mkdir(join(clone.folder, '.parley', 'run'));
    await writeFile(join(clone.folder, '.parley', 'run', `${process.pid}.json`), '{}');
    await clone.lock('{"changed":true}');
    const { code, said } = await clone.start();
    expect(code).toBe(1);
    expect(said).toContain(`(process ${process.pid})`);
    expect(await clone.installs()).toBe(1);
  });

  it('reports a failure of npm, and retries at the next start', async () => {
    await using clone = await Clone.make();
    await clone.npm('exit 1');
    const { code, said } = await clone.start();
    expect(code).toBe(1);
    expect(said).toContain('did not succeed (1)');
    await clone.start();
    expect(await clone.installs()).toBe(2);
  });

  it('reports an outdated Node.js package', async () => {
    await using clone = await Clone.make();
    await clone.npm(
      'mkdir -p node_modules/.bin\nprintf "#!/bin/sh\\necho v20.0.0" > node_modules/.bin/node\nchmod 755 node_modules/.bin/node',
    );
    expect((await clone.start()).code).toBe(1);
  });

  // Root may write anywhere, so the script is started as another user.
  const nobody = process.getuid?.() === 0 ? 65534 : undefined;
  const canBeNobody = nobody === undefined || spawnSync(process.execPath, ['--version'], { uid: nobody }).status === 0;

  (canBeNobody ? it : it.skip).each([
    ['the clone', ''],
    ['node_modules', 'node_modules'],
    ['.parley', '.parley'],
  ])('reports that the user cannot write to %s, and does not run npm', async (_, name) => {
    await using clone = await Clone.make();
    const folder = join(clone.folder, name);
    await mkdir(folder, { recursive: true });
    await chmod(clone.folder, 0o777);
    await chmod(folder, 0o555);
    const { code, said } = await clone.start(nobody);
    await chmod(folder, 0o755);
    expect(code).toBe(1);
    expect(said).toMatch(/^This user can't write to .* \(EACCES\), where Parley keeps .* clone of your own\.\n$/);
    expect(said).toContain(folder);
    await expect(clone.installs()).rejects.toThrow('ENOENT');
  });
});
