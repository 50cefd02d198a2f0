import type { Clock } from '../clock.ts';
import { EngineCancelledError } from '../engine/engine-error.ts';
import type { JobRequest, TranslationResult } from './translation-service.ts';

/** A request that waits for a call. */
type Waiter = Pick<JobRequest, 'signal' | 'unwanted'>;

/**
 * A call that equal requests of one thread share. It goes on as long as any of them waits for it, whichever began it:
 * when the last one has no use for it any more it is unwanted, and when the last one is told to stop it stops.
 */
export class InProcessCall {
  /** What it is made for; a partial's call is made once, whoever joins it. */
  readonly kind: JobRequest['kind'];
  readonly #waiters = new Set<Waiter>();
  readonly #stop = new AbortController();
  readonly #unwanted = new AbortController();
  readonly #result: Promise<TranslationResult>;
  #hasFinal: boolean;
  /** Whether it goes on although nobody waits for it. */
  #isHeld = false;

  /** @param run makes the call */
  constructor(request: JobRequest, run: (request: JobRequest) => Promise<TranslationResult>) {
    this.kind = request.kind;
    this.#hasFinal = request.kind === 'final';
    this.#result = run({ ...request, signal: this.#stop.signal, unwanted: this.#unwanted.signal });
    this.#result.catch(() => undefined); // Waiters receive the failure; none may be left.
  }

  /** Settles with the call, whoever waits for it. */
  get ended(): Promise<unknown> {
    return this.#result;
  }

  /** Whether its result is a final's, by whatever request it was begun. */
  get hasFinal(): boolean {
    return this.#hasFinal;
  }

  /** Nobody waits for it any more, so it is being aborted: a new request needs another call. */
  get isAbandoned(): boolean {
    return this.#stop.signal.aborted || this.#unwanted.signal.aborted;
  }

  /**
   * Waits for the result. It is the call's own for the first of those who wait when it comes; for the others it is
   * marked as joined, and has cost nothing.
   *
   * @throws EngineError
   */
  async join({ kind, signal, unwanted }: JobRequest, waitedMs: () => number): Promise<TranslationResult> {
    this.#hasFinal ||= kind === 'final';
    const me: Waiter = { signal, unwanted };
    this.#waiters.add(me);
    try {
      const until = unwanted === undefined ? signal : AbortSignal.any([signal, unwanted]);
      const result = await orAborted(this.#result, until);
      const [first] = this.#waiters;
      return first === me || result.cached ? result : joinedResult(result, waitedMs());
    } finally {
      // Whoever still waits has the same result coming.
      if (signal.aborted || unwanted?.aborted === true) this.#leave(me);
    }
  }

  /**
   * Keeps the call going for some time, for a request that is still to come. A waiter that is told to stop ends it all
   * the same.
   */
  hold(durationMs: number, clock: Clock): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const release = (): void => {
      this.#isHeld = false;
      if (this.#waiters.size === 0) this.#unwanted.abort();
    };
    const over = new AbortController();
    const stop = (): void => over.abort();
    this.#result.then(stop, stop);
    clock.delay(durationMs, over.signal).then(release, release);
  }

  #leave(me: Waiter): void {
    this.#waiters.delete(me);
    if (this.#waiters.size > 0) return;
    if (me.signal.aborted) this.#stop.abort(me.signal.reason);
    else if (!this.#isHeld) this.#unwanted.abort(me.unwanted?.reason);
  }
}

/** The result of a call that was made for another request. */
export function joinedResult(
  { text, suspect }: Pick<TranslationResult, 'text' | 'suspect'>,
  waitedMs: number,
): TranslationResult {
  return { text, engineMs: waitedMs, attempts: 0, cached: false, joined: true, suspect };
}

/** What somebody waits for who may be told to stop. @throws EngineCancelledError as soon as the signal is aborted */
export async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(cancelledWhileWaiting(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

export function cancelledWhileWaiting(cause: unknown): EngineCancelledError {
  return new EngineCancelledError('the call was cancelled while it waited for the one that it joined', { cause });
}
