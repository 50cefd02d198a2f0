import type { Logger } from './logger.ts';
import { redisErrorCode, redisErrorReason } from './redis-error.ts';

export interface RedisHealthOptions {
  /** Runs the operations that the process needs. Rejects with the first failure. */
  readonly probe: () => Promise<void>;
  /** Whether the connection is open; if it isn't, a cached result is ignored. */
  readonly isConnected: () => boolean;
  readonly logger: Logger;
  /** Default: 3000. */
  readonly timeoutMs?: number;
  /** Called when Redis works again after a failure. */
  readonly onRecovered?: () => void;
}

/** Results are cached for this long, so frequent checks cost no more than one per second. */
const freshForMs = 1000;
/** Redis is probed at this interval even without requests, so that failures are logged. */
const probeIntervalMs = 5000;
const defaultTimeoutMs = 3000;
/** A connection error this recent may explain a probe that times out. */
const explanationWindowMs = 3000;

/** The probe did not finish in time. */
class RedisProbeTimeoutError extends Error {
  override readonly name = 'RedisProbeTimeoutError';
}

/**
 * Checks that Redis supports what the process needs; an open connection alone doesn't show that. A failure, a change of
 * its reason and a recovery are logged once each.
 */
export class RedisHealth implements Disposable {
  readonly #options: RedisHealthOptions;
  readonly #timer: NodeJS.Timeout;
  #status: 'unknown' | 'ok' | (string & {}) = 'unknown';
  #checkedAtMs = -Infinity;
  #checking: Promise<string> | undefined;
  /** A probe that timed out keeps running; no second one is started meanwhile. */
  #running: Promise<void> | undefined;
  #lastConnectionError: { readonly error: Error; readonly atMs: number } | undefined;

  constructor(options: RedisHealthOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.check(), probeIntervalMs);
    this.#timer.unref();
    void this.check();
  }

  /** Records a connection error, which may explain a probe that times out. */
  noticed(error: Error): void {
    this.#lastConnectionError = { error, atMs: performance.now() };
  }

  /** Whether the last check, at most some seconds ago, found Redis usable. */
  get isUsable(): boolean {
    return this.#status === 'ok';
  }

  /** Returns `ok`, or the reason why Redis can't be used, at most one second old. Never rejects. */
  check(): Promise<string> {
    if (this.#checking !== undefined) return this.#checking;
    const isFresh = performance.now() - this.#checkedAtMs < freshForMs;
    if (isFresh && this.#options.isConnected()) return Promise.resolve(this.#status);
    return (this.#checking = this.#probe().finally(() => (this.#checking = undefined)));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #probe(): Promise<string> {
    const { probe, timeoutMs = defaultTimeoutMs } = this.#options;
    const startedAtMs = performance.now();
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => timeout.reject(new RedisProbeTimeoutError('Command timed out')), timeoutMs);
    let failure: unknown;
    try {
      this.#running ??= probe().finally(() => (this.#running = undefined));
      await Promise.race([this.#running, timeout.promise]);
    } catch (error) {
      // The command only timed out; a recent connection error names the cause.
      const connectionError = this.#lastConnectionError;
      const isUnanswered = ['TIMEOUT', 'CLOSED'].includes(redisErrorCode(error) ?? '');
      const isExplained =
        isUnanswered && connectionError !== undefined && connectionError.atMs >= startedAtMs - explanationWindowMs;
      failure = isExplained ? connectionError.error : error;
    } finally {
      clearTimeout(timer);
    }
    this.#checkedAtMs = performance.now();
    this.#report(failure);
    return this.#status;
  }

  #report(failure: unknown): void {
    const { logger, onRecovered } = this.#options;
    const before = this.#status;
    this.#status = failure === undefined ? 'ok' : redisErrorReason(failure);
    if (this.#status === before) return;
    if (failure !== undefined) {
      logger.error({ err: failure, reason: this.#status }, 'Redis health check failed; retrying');
    } else if (before !== 'unknown') {
      logger.info('Redis health check passed again');
      onRecovered?.();
    }
  }
}
