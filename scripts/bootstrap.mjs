// Runs before npm start and npm test, on the system's Node.js (20 or newer) and without dependencies: updates
// node_modules to match the lock file, checks that a Node.js for Parley is available, and builds the pages.
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const oldestMajor = 20;
const neededMajor = 24;
const lockPollMs = 500;
const heartbeatMs = 10_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const stateFolder = `${root}.parley`;
const lockFile = `${stateFolder}/install.lock`;
const stampFile = `${root}node_modules/.parley-stamp`;

if (majorOf(process.version) < oldestMajor) {
  fail(`Parley needs Node.js ${oldestMajor} or newer to start; this is ${process.version}. See https://nodejs.org/`);
}
const wanted = `${lockFileHash()} ${process.platform}-${process.arch}`;
checkWritable(existsSync(stateFolder) ? stateFolder : root);
if (!isUpToDate()) {
  for (const folder of [root, `${root}node_modules`]) if (existsSync(folder)) checkWritable(folder);
  await withLock(async () => {
    // Another start may have installed them in the meantime.
    if (!isUpToDate()) await install();
  });
}
buildPages(findNode());

async function install() {
  const running = runningParley();
  if (running !== undefined && existsSync(`${root}node_modules`)) {
    fail(
      `package-lock.json has changed, and its packages can't be replaced under the Parley that runs from this folder ` +
        `(process ${running}). Stop it and start again.`,
    );
  }
  await npmCi();
  writeFileSync(stampFile, wanted);
}

async function npmCi() {
  const startedAt = Date.now();
  console.error('Installing npm packages (once, and after each change of package-lock.json) ...');
  const heartbeat = setInterval(() => {
    console.error(`Installing npm packages: ${Math.round((Date.now() - startedAt) / 1000)} s so far ...`);
  }, heartbeatMs);
  const parameters = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--progress=false'];
  const npm = spawn('npm', parameters, { cwd: root, stdio: ['ignore', 2, 2] });
  const status = await new Promise((resolve) => {
    npm.once('error', (error) => resolve(error.message));
    npm.once('close', (code, signal) => resolve(code ?? signal));
  });
  clearInterval(heartbeat);
  if (status !== 0) fail(`"npm ${parameters.join(' ')}" did not succeed (${status}); see its messages above.`);
}

/** Packages and data are stored in the clone, so the user who starts Parley must be able to write there. */
function checkWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    fail(
      `This user can't write to ${folder} (${error.code}), where Parley keeps its npm packages and its data. ` +
        `Start it as the user whom the folder belongs to, or from a clone of your own.`,
    );
  }
}

/**
 * Returns the path of the Node.js for Parley. The package `node` contains it; if it has none for this platform, the system's
 * own is used.
 */
function findNode() {
  const bundled = `${root}node_modules/.bin/node`;
  if (existsSync(bundled)) {
    const { stdout, error } = spawnSync(bundled, ['--version'], { encoding: 'utf8' });
    if (majorOf(stdout ?? '') >= neededMajor) return bundled;
    fail(
      `${bundled} does not run here${error === undefined ? '' : ` (${error.message})`}. Remove node_modules and start again.`,
    );
  }
  if (majorOf(process.version) >= neededMajor) return process.execPath;
  fail(
    `Parley runs on Node.js ${neededMajor} or newer. The npm package "node" brought none for ${process.platform}-${process.arch}, ` +
      `and the machine's own is ${process.version}. Install Node.js ${neededMajor} from https://nodejs.org/ and start again.`,
  );
}

/** The browser needs JavaScript; takes about two seconds if a source has changed. */
function buildPages(node) {
  const { status, error } = spawnSync(node, [`${root}apps/web/scripts/build.ts`, '--if-changed'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) fail(`The web pages could not be built (${error?.message ?? status}); see the messages above.`);
}

function isUpToDate() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
}

function lockFileHash() {
  return createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
}

/** Lets one start at a time install; the others wait. Removes the lock of a dead process. */
async function withLock(work) {
  mkdirSync(stateFolder, { recursive: true });
  let saidSo = false;
  while (!tryLock()) {
    const owner = Number(readIfThere(lockFile) || 0);
    if (owner > 0 && !isAlive(owner)) rmSync(lockFile, { force: true });
    else if (!saidSo) console.error(`Waiting for process ${owner}, which installs npm packages here ...`);
    saidSo = true;
    await sleep(lockPollMs);
  }
  const unlock = () => rmSync(lockFile, { force: true });
  process.once('exit', unlock);
  try {
    await work();
  } finally {
    process.off('exit', unlock);
    unlock();
  }
}

function tryLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Returns the process id of a `parley up` that runs from this folder. */
function runningParley() {
  const folder = `${stateFolder}/run`;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.map((file) => Number(/^(\d+)\.json$/.exec(file)?.[1])).find((pid) => pid > 0 && isAlive(pid));
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10) || 0;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
