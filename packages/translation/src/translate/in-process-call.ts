import type { Clock } from '../clock.ts';
import { EngineCancelledError } from '../engine/engine-error.ts';
import type { JobRequest, TranslationResult } from './translation-service.ts';

/** A request waiting for a call. */
type Waiter = Pick<JobRequest, 'signal' | 'unwanted'>;

/**
 * A call shared by equal requests of one thread. It continues while any of them is waiting. When the last one loses interest
 * in the result (`unwanted`), the call becomes unwanted; when the last one is aborted (`signal`), it is aborted.
 */
export class InProcessCall {
  /** The kind of the first request; a partial's call is made once, even if a final joins it. */
  readonly kind: JobRequest['kind'];
  readonly #waiters = new Set<Waiter>();
  readonly #stop = new AbortController();
  readonly #unwanted = new AbortController();
  readonly #result: Promise<TranslationResult>;
  #hasFinal: boolean;
  /** Whether it continues although no request is waiting. */
  #isRetained = false;

  /** @param run makes the call */
  constructor(request: JobRequest, run: (request: JobRequest) => Promise<TranslationResult>) {
    this.kind = request.kind;
    this.#hasFinal = request.kind === 'final';
    this.#result = run({ ...request, signal: this.#stop.signal, unwanted: this.#unwanted.signal });
    this.#result.catch(() => undefined); // Waiters receive the failure; none may be left.
  }

  /** Settles when the call ends. */
  get ended(): Promise<unknown> {
    return this.#result;
  }

  /** Whether a final is among the requests that joined. */
  get hasFinal(): boolean {
    return this.#hasFinal;
  }

  /** No request is waiting, so the call is being aborted and must not be joined. */
  get isAbandoned(): boolean {
    return this.#stop.signal.aborted || this.#unwanted.signal.aborted;
  }

  /**
   * Waits for the result. The first waiting request gets it as its own; for the others, it is marked as joined, without cost.
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
      // The requests that are still waiting get the same result.
      if (signal.aborted || unwanted?.aborted === true) this.#leave(me);
    }
  }

  /** Keeps the call going for some time, for a request still to come. Aborting the last waiter's `signal` ends it nevertheless. */
  retain(durationMs: number, clock: Clock): void {
    if (this.#isRetained) return;
    this.#isRetained = true;
    const release = (): void => {
      this.#isRetained = false;
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
    else if (!this.#isRetained) this.#unwanted.abort(me.unwanted?.reason);
  }
}

/** Converts the result of a call made for another request. */
export function joinedResult(
  { text, suspect }: Pick<TranslationResult, 'text' | 'suspect'>,
  waitedMs: number,
): TranslationResult {
  return { text, engineMs: waitedMs, attempts: 0, cached: false, joined: true, suspect };
}

/** Awaits work unless aborted. @throws EngineCancelledError as soon as the signal is aborted */
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
  return new EngineCancelledError('the request was cancelled while it waited for the call that it joined', { cause });
}
