import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process could not be started, exited before it was ready, or timed out. The message contains its last output lines. */
export class ChildError extends Error {
  override readonly name = 'ChildError';
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions<Ready> {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with every line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
  /** Called with every line; any result except `undefined` means that the process is ready. */
  readonly parseReady: (line: string) => Ready | undefined;
  readonly readyTimeoutMs: number;
  /** Opens an IPC channel, through which a Node.js process notices the exit of its parent. */
  readonly ipc?: boolean;
  /** Stops the process while it is not ready. */
  readonly signal?: AbortSignal | undefined;
}

/** A running child process. It leads its own process group, so a Ctrl-C in the terminal does not reach it. */
export interface Child<Ready = unknown> extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Resolves when the process has exited and its output has been read. */
  readonly exited: Promise<ChildExit>;
  /** The last output lines, at most 20. */
  lastLines(): readonly string[];
  /** Sends SIGTERM, and SIGKILL to the whole group after `timeoutMs`. */
  stop(timeoutMs?: number): Promise<ChildExit>;
  /** Sends SIGKILL to the whole group. */
  kill(): void;
}

const maxKeptLines = 20;
const stopTimeoutMs = 10_000;
const drainTimeoutMs = 1000;
const liveChildren = new Set<ChildProcess>();

/** Sends SIGKILL to the process groups of all running children, ready or not. */
export function killAllChildren(): void {
  for (const child of liveChildren) killGroup(child);
}

/**
 * Starts a process and waits until it is ready.
 *
 * @throws ChildError; the process has exited by then
 */
export async function startChild<Ready>(options: ChildOptions<Ready>): Promise<Child<Ready>> {
  const { name, command, environment, onLine, parseReady, readyTimeoutMs, signal } = options;
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, {
    env: { ...environment },
    stdio: options.ipc === true ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lastLines: string[] = [];
  const failure = (why: string, cause?: unknown): ChildError =>
    new ChildError([`${name} ${why}`, ...lastLines.map((line) => `  ${line}`)].join('\n'), { cause });
  const isReady = Promise.withResolvers<Ready>();
  const read = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > maxKeptLines) lastLines.shift();
    onLine?.(line);
    const ready = parseReady(line);
    if (ready !== undefined) isReady.resolve(ready);
  };
  for (const output of [child.stdout, child.stderr] as (Readable | null)[])
    if (output !== null) createInterface(output).on('line', read);
  const exited = exitOf(child);
  exited.catch(() => {
    // The 'error' event below has the reason.
  });
  await once(child, 'spawn').catch((cause: unknown) => {
    throw failure('could not be started', cause);
  });
  liveChildren.add(child);
  child.once('exit', () => liveChildren.delete(child));
  child.on('error', () => {
    // A signal could not be sent or the channel broke; the exit reports the rest.
  });

  const stop = async (timeoutMs = stopTimeoutMs): Promise<ChildExit> => {
    child.kill('SIGTERM');
    const deadline = setTimeout(() => killGroup(child), timeoutMs);
    try {
      return await exited;
    } finally {
      clearTimeout(deadline);
    }
  };
  // Kill processes that it started and left running.
  child.once('exit', () => killGroup(child));
  void exited.then(({ code, signal: by }) =>
    isReady.reject(failure(`ended with ${by ?? `status ${code ?? '?'}`} before it was ready`)),
  );
  const deadline = setTimeout(
    () => isReady.reject(failure(`was not ready after ${readyTimeoutMs / 1000} s`)),
    readyTimeoutMs,
  );
  const abort = (): void => isReady.reject(failure('was stopped before it was ready', signal?.reason));
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  try {
    const ready = await isReady.promise;
    return {
      name,
      pid: child.pid ?? 0,
      ready,
      exited,
      lastLines: () => [...lastLines],
      stop,
      kill: () => killGroup(child),
      [Symbol.asyncDispose]: async () => {
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
  }
}

/** Waits for the exit, then briefly for the remaining output: an orphaned grandchild may keep the pipes open. */
async function exitOf(child: ChildProcess): Promise<ChildExit> {
  const closed = once(child, 'close');
  closed.catch(() => {
    // The wait for 'exit' rejects with the same error.
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  await Promise.race([closed, sleep(drainTimeoutMs, undefined, { ref: false })]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { code, signal };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}
