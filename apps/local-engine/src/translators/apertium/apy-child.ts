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
  /** The maximum number of pipelines per pair; each is a dozen processes and 100 to 300 MB. */
  readonly pipesPerPair: number;
  /** An unused pipeline is stopped after this time, at the next translation of any pair. At least 1; 0 would keep all. */
  readonly maxIdleSeconds: number;
}

/** A running apertium-apy process. */
export interface ApyChild {
  /** The id of the process and of its group, which includes its pipelines. */
  readonly pid: number;
  /** Resolves when the process has exited and its group has been killed. */
  readonly exited: Promise<void>;
  /** Sends SIGTERM, and SIGKILL after 2 s. Idempotent. */
  end(): Promise<void>;
}

/**
 * Starts apertium-apy and resolves when it listens. Of the environment it gets only the PATH.
 *
 * @param signal aborts the start
 * @throws TranslatorUnavailableError if it exits, does not listen within 20 s, or is aborted; nothing is left running then
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
    const killing = delay(endTimeoutMs, undefined, { signal: patience.signal })
      .then(() => signalGroup(pid, 'SIGKILL'))
      .catch(() => undefined);
    await exited;
    patience.abort();
    await killing;
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
  // From now on its errors may contain transcripts.
  child.stderr.off('data', collect).resume();
  child.stdout.resume();
  return { pid, exited, end };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group is empty.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
