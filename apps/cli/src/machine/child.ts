import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process could not be started, or ended before it was ready, or took too long; the message has its last lines. */
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
  /** Gets every line of both outputs. */
  readonly onLine?: (line: string) => void;
  /** Reads a line; anything but `undefined` means that the process is ready. */
  readonly parseReady: (line: string) => Ready | undefined;
  readonly readyTimeoutMs: number;
  /** Opens an IPC channel, so that a Node.js process can notice when its parent is gone. */
  readonly ipc?: boolean;
  /** Ends the wait for readiness, and the process with it. */
  readonly signal?: AbortSignal | undefined;
}

/** A running process of ours. It is the leader of a process group, so a Ctrl-C in the terminal does not reach it. */
export interface Child<Ready = unknown> extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Resolves when the process is gone and its output has been read. */
  readonly exited: Promise<ChildExit>;
  /** The last lines of its output, at most 20. */
  lastLines(): readonly string[];
  /** Sends SIGTERM, and SIGKILL to the whole group once `timeoutMs` are over. */
  stop(timeoutMs?: number): Promise<ChildExit>;
  /** Sends SIGKILL to the whole group. */
  kill(): void;
}

const keptLines = 20;
const stopTimeoutMs = 10_000;
const drainTimeoutMs = 1000;
const liveChildren = new Set<ChildProcess>();

/** Sends SIGKILL to every process that this one has started with `startChild`, ready or not, and to what those started. */
export function killEveryChild(): void {
  for (const child of liveChildren) killGroup(child);
}

/**
 * Starts a process and waits till it says that it is ready.
 *
 * @throws ChildError; the process is gone by then
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
    if (lastLines.length > keptLines) lastLines.shift();
    onLine?.(line);
    const ready = parseReady(line);
    if (ready !== undefined) isReady.resolve(ready);
  };
  for (const output of [child.stdout, child.stderr] as (Readable | null)[])
    if (output !== null) createInterface(output).on('line', read);
  const exited = exitOf(child);
  exited.catch(() => {
    // 'error' says why below
  });
  await once(child, 'spawn').catch((cause: unknown) => {
    throw failure('could not be started', cause);
  });
  liveChildren.add(child);
  child.once('exit', () => liveChildren.delete(child));
  child.on('error', () => {
    // a signal that could not be sent, or a channel that broke: the exit tells the rest
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
  // Whatever the process started and left behind goes with it.
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

/** Waits for the exit and then for the rest of the output, which a stray heir of its pipes could keep open for good. */
async function exitOf(child: ChildProcess): Promise<ChildExit> {
  const closed = once(child, 'close');
  closed.catch(() => {
    // 'error' comes on the other wait too
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
    // nobody is left in it
  }
}
