/** Tokens of one request, as estimated by `countTokens`. */
export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** How a request ended: completed, rejected (4xx), failed (5xx, or interrupted by a fault), or aborted by its client. */
export type RequestOutcome = 'completed' | 'rejected' | 'failed' | 'aborted';

interface TargetStats {
  completed: number;
  texts: number;
  promptTokens: number;
  completionTokens: number;
}

/** Counts since the start or the last reset. Requests are those to `/v1/chat/completions`. */
export interface StatsSnapshot extends Readonly<Record<RequestOutcome, number>> {
  /** TCP connections opened on either port. */
  readonly connections: number;
  /** TCP connections that are open now. */
  readonly openConnections: number;
  readonly tlsHandshakes: number;
  readonly http2Sessions: number;
  /** HTTP/2 streams that ended before their reply was complete. */
  readonly http2StreamsAborted: number;
  readonly requests: number;
  readonly concurrent: number;
  readonly maxConcurrent: number;
  /** Requests rejected by the rate limits. */
  readonly rateLimited: number;
  /** How often each fault was applied. */
  readonly faults: Readonly<Record<string, number>>;
  /** Of completed replies; a batch has several texts. */
  readonly texts: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly byTarget: Readonly<Record<string, Readonly<TargetStats>>>;
}

export class EngineStats {
  #connections = 0;
  #openConnections = 0;
  #tlsHandshakes = 0;
  #http2Sessions = 0;
  #http2StreamsAborted = 0;
  #requests = 0;
  #concurrent = 0;
  #maxConcurrent = 0;
  #rateLimited = 0;
  #faults = new Map<string, number>();
  #outcomes = noOutcomes();
  #byTarget = new Map<string, TargetStats>();

  /** @returns a function to call when the connection is closed */
  connectionOpened(): () => void {
    this.#connections += 1;
    this.#openConnections += 1;
    return () => (this.#openConnections -= 1);
  }

  tlsHandshakeDone(): void {
    this.#tlsHandshakes += 1;
  }

  http2SessionOpened(): void {
    this.#http2Sessions += 1;
  }

  http2StreamAborted(): void {
    this.#http2StreamsAborted += 1;
  }

  requestStarted(): void {
    this.#requests += 1;
    this.#concurrent += 1;
    this.#maxConcurrent = Math.max(this.#maxConcurrent, this.#concurrent);
  }

  rateLimited(): void {
    this.#rateLimited += 1;
  }

  faultStruck(name: string): void {
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
  }

  requestEnded(outcome: RequestOutcome): void {
    this.#concurrent -= 1;
    this.#outcomes[outcome] += 1;
  }

  replyCompleted(target: string, { promptTokens, completionTokens }: TokenUsage, texts: number): void {
    const stats = this.#byTarget.get(target) ?? { completed: 0, texts: 0, promptTokens: 0, completionTokens: 0 };
    stats.completed += 1;
    stats.texts += texts;
    stats.promptTokens += promptTokens;
    stats.completionTokens += completionTokens;
    this.#byTarget.set(target, stats);
  }

  snapshot(): StatsSnapshot {
    const targets = [...this.#byTarget.values()];
    return {
      connections: this.#connections,
      openConnections: this.#openConnections,
      tlsHandshakes: this.#tlsHandshakes,
      http2Sessions: this.#http2Sessions,
      http2StreamsAborted: this.#http2StreamsAborted,
      requests: this.#requests,
      concurrent: this.#concurrent,
      maxConcurrent: this.#maxConcurrent,
      rateLimited: this.#rateLimited,
      faults: Object.fromEntries(this.#faults),
      ...this.#outcomes,
      texts: targets.reduce((sum, { texts }) => sum + texts, 0),
      promptTokens: targets.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
      completionTokens: targets.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
      byTarget: Object.fromEntries([...this.#byTarget].map(([target, stats]) => [target, { ...stats }])),
    };
  }

  /** Clears the counts; open connections and concurrent requests are kept. */
  reset(): void {
    this.#connections = 0;
    this.#tlsHandshakes = 0;
    this.#http2Sessions = 0;
    this.#http2StreamsAborted = 0;
    this.#requests = 0;
    this.#rateLimited = 0;
    this.#faults.clear();
    this.#maxConcurrent = this.#concurrent;
    this.#outcomes = noOutcomes();
    this.#byTarget.clear();
  }
}

function noOutcomes(): Record<RequestOutcome, number> {
  return { completed: 0, rejected: 0, failed: 0, aborted: 0 };
}
