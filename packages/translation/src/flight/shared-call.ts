import { orAborted } from './or-aborted.ts';
import type { JobRequest, TranslationResult } from '../service/translation-service.ts';

type Call = (request: JobRequest) => Promise<TranslationResult>;

/** Somebody who waits for a shared call. */
interface Waiting {
  readonly request: Pick<JobRequest, 'signal' | 'unwanted'>;
}

/**
 * A call that belongs to nobody: it goes on as long as anybody waits for it, whoever began it. When the last one has no
 * use for it any more, it is unwanted; when the last one is told to stop, it stops.
 */
export class SharedCall {
  readonly kind: JobRequest['kind'];
  readonly #waiting = new Set<Waiting>();
  readonly #stop = new AbortController();
  readonly #unwanted = new AbortController();
  readonly #result: Promise<TranslationResult>;

  constructor(request: JobRequest, call: Call) {
    this.kind = request.kind;
    this.#result = call({ ...request, signal: this.#stop.signal, unwanted: this.#unwanted.signal });
    this.#result.catch(() => undefined); // Told to those who wait; nobody may be left.
  }

  /** Settles with the call, whoever waits for it. */
  get ended(): Promise<unknown> {
    return this.#result;
  }

  /** Nobody waits for it any more, so whoever comes now needs another one. */
  get isLeft(): boolean {
    return this.#stop.signal.aborted || this.#unwanted.signal.aborted;
  }

  /**
   * Waits for the result. It is the call's own for the first of those who wait when it comes; for the others it is
   * marked as joined, and has cost nothing.
   *
   * @throws EngineError
   */
  async join({ signal, unwanted }: Waiting['request'], waitedMs: () => number): Promise<TranslationResult> {
    const me: Waiting = { request: { signal, unwanted } };
    this.#waiting.add(me);
    try {
      const until = unwanted === undefined ? signal : AbortSignal.any([signal, unwanted]);
      const result = await orAborted(this.#result, until);
      const [first] = this.#waiting;
      return first === me || result.cached ? result : joinedResult(result, waitedMs());
    } finally {
      // Whoever still waits has the same result coming.
      if (signal.aborted || unwanted?.aborted === true) this.#leave(me);
    }
  }

  #leave(me: Waiting): void {
    this.#waiting.delete(me);
    if (this.#waiting.size > 0) return;
    const { signal } = me.request;
    if (signal.aborted) this.#stop.abort(signal.reason);
    else this.#unwanted.abort(me.request.unwanted?.reason);
  }
}

/** The result of a call that was made for another request. */
export function joinedResult(
  { text, suspect }: Pick<TranslationResult, 'text' | 'suspect'>,
  waitedMs: number,
): TranslationResult {
  return { text, engineMs: waitedMs, attempts: 0, cached: false, joined: true, suspect };
}
