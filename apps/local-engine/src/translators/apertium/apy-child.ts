import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TranslatorUnavailableError } from '../translator.ts';

const launcher = fileURLToPath(new URL('launch-apy.py', import.meta.url));
const startTimeoutMs = 20_000;
const endTimeoutMs = 2000;
const maxStderrLength = 2000;

export interface ApyOptions {
  readonly python: string;
  readonly socketPath: string;
  readonly modesPath: string;
  /** The pipelines of a busy pair: each is a dozen processes and 100 to 300 MB. */
  readonly pipesPerPair: number;
  /** After so long unused, a pipeline is ended at the next translation of whatever pair. At least 1: 0 would keep all. */
  readonly maxIdleSeconds: number;
}

/** One life of apertium-apy. */
export interface ApyChild {
  /** The process, and the group in which its pipelines are too. */
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason, and nothing of its group is left. */
  readonly exited: Promise<void>;
  /** Ends it: SIGTERM, and SIGKILL after 2 s. Idempotent. */
  end(): Promise<void>;
}

/**
 * Starts apertium-apy and resolves when it listens. It gets nothing of the environment but the PATH.
 *
 * @param signal gives the start up
 * @throws TranslatorUnavailableError if it ends, isn't there within 20 s, or is given up; then nothing is left of it
 */
export async function startApy(options: ApyOptions, signal: AbortSignal): Promise<ApyChild> {
  const { python, socketPath, modesPath, pipesPerPair, maxIdleSeconds } = options;
  const pipelines = ['-i', String(pipesPerPair), '-u', '4', '-m', String(maxIdleSeconds)];
  const child = spawn(python, [launcher, socketPath, modesPath, ...pipelines], {
    detached: true,
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) {
    const [cause] = (await once(child, 'error')) as [Error];
    throw new TranslatorUnavailableError('apertium-apy could not be started', { cause });
  }
  const exited = once(child, 'exit').then(() => signalGroup(pid, 'SIGKILL'));
  const end = async (): Promise<void> => {
    signalGroup(pid, 'SIGTERM');
    const patience = new AbortController();
    const impatient = delay(endTimeoutMs, undefined, { signal: patience.signal })
      .then(() => signalGroup(pid, 'SIGKILL'))
      .catch(() => undefined);
    await exited;
    patience.abort();
    await impatient;
  };

  let stderr = '';
  const collect = (chunk: Buffer): void => {
    stderr = (stderr + chunk.toString()).slice(-maxStderrLength);
  };
  child.stderr.on('data', collect);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]);
  const listening = once(child.stdout, 'data', { signal: deadline }).then(
    () => true,
    () => false,
  );
  if (!(await Promise.race([listening, exited.then(() => false)]))) {
    await end();
    throw new TranslatorUnavailableError(`apertium-apy did not start: ${stderr.trim()}`);
  }
  // From now on its errors may quote what was said.
  child.stderr.off('data', collect).resume();
  child.stdout.resume();
  return { pid, exited, end };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
