// Runs on Node.js 20 and needs no package: brings node_modules up to date with the lock file, then returns.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.parley-lock-hash`;
const wanted = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing npm packages (once, and after each change of package-lock.json) ...');
  const npm = spawnSync('npm', ['ci', '--include=dev', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.status !== 0) {
    console.error('npm ci did not succeed; its messages stand above.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
