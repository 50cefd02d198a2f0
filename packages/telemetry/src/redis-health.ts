import type { Logger } from './logger.ts';
import { redisErrorCode, redisErrorReason } from './redis-error.ts';

export interface RedisHealthOptions {
  /** Does with Redis what the process needs. Rejects with what is wrong. */
  readonly probe: () => Promise<void>;
  /** Whether the connection is open: where it isn't, an older result says nothing. */
  readonly isConnected: () => boolean;
  readonly logger: Logger;
  /** How long a probe may take. */
  readonly timeoutMs?: number;
  /** Hears that Redis works again after it did not. */
  readonly onRecovered?: () => void;
}

/** A result this old still answers: whoever asks often costs no more than whoever asks every second. */
const freshForMs = 1000;
/** Looked at even where nobody asks, so that the log says when something is wrong. */
const lookEveryMs = 5000;
const defaultTimeoutMs = 3000;
/** What a connection told so long ago may still be why it gives no answer. */
const explainsForMs = 3000;

/** Redis did not do in time what was asked of it. */
class RedisProbeTimeoutError extends Error {
  override readonly name = 'RedisProbeTimeoutError';
}

/**
 * Whether Redis does what the process needs of it, which a connection that is open doesn't show. The log has one line
 * when it stops to, or does so for another reason, and one when it works again.
 */
export class RedisHealth implements Disposable {
  readonly #options: RedisHealthOptions;
  readonly #timer: NodeJS.Timeout;
  #said: 'unknown' | 'ok' | (string & {}) = 'unknown';
  #checkedAtMs = -Infinity;
  #checking: Promise<string> | undefined;
  /** A probe that ran out of time goes on: what Redis left unanswered is not asked a second time. */
  #running: Promise<void> | undefined;
  #trouble: { readonly error: Error; readonly atMs: number } | undefined;

  constructor(options: RedisHealthOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.check(), lookEveryMs);
    this.#timer.unref();
    void this.check();
  }

  /** What went wrong on a connection: it explains a probe that gets no answer. */
  noticed(error: Error): void {
    this.#trouble = { error, atMs: performance.now() };
  }

  /** `ok`, or why Redis can't be used, not older than a second. Never rejects. */
  check(): Promise<string> {
    if (this.#checking !== undefined) return this.#checking;
    const isFresh = performance.now() - this.#checkedAtMs < freshForMs;
    if (isFresh && this.#options.isConnected()) return Promise.resolve(this.#said);
    return (this.#checking = this.#probe().finally(() => (this.#checking = undefined)));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #probe(): Promise<string> {
    const { probe, timeoutMs = defaultTimeoutMs } = this.#options;
    const startedAtMs = performance.now();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new RedisProbeTimeoutError('Command timed out')), timeoutMs);
    let failure: unknown;
    try {
      this.#running ??= probe().finally(() => (this.#running = undefined));
      await Promise.race([this.#running, late.promise]);
    } catch (error) {
      // A command that is sent again and again runs out of time; why it is, its connection has told.
      const trouble = this.#trouble;
      const isMute = ['TIMEOUT', 'CLOSED'].includes(redisErrorCode(error) ?? '');
      const isExplained = isMute && trouble !== undefined && trouble.atMs >= startedAtMs - explainsForMs;
      failure = isExplained ? trouble.error : error;
    } finally {
      clearTimeout(timer);
    }
    this.#checkedAtMs = performance.now();
    this.#tell(failure);
    return this.#said;
  }

  #tell(failure: unknown): void {
    const { logger, onRecovered } = this.#options;
    const before = this.#said;
    this.#said = failure === undefined ? 'ok' : redisErrorReason(failure);
    if (this.#said === before) return;
    if (failure !== undefined) {
      logger.error({ err: failure, reason: this.#said }, 'Redis does not do what is needed; it is tried again');
    } else if (before !== 'unknown') {
      logger.info('Redis does what is needed again');
      onRecovered?.();
    }
  }
}
