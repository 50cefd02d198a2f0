import type { EdgeMetrics, Logger, RefusalReason } from '@parley/telemetry';
import { addressKey } from '../limits/join-attempts.ts';
import { RefusalThinner, type RefusedSource } from './refusal-thinner.ts';

const windowMs = 10_000;
const maxWindows = 200;

export interface RefusalLogOptions {
  readonly metrics: Pick<EdgeMetrics, 'clientRefused'>;
  readonly logger: Logger;
}

/** Where refusals are reported. */
export type Refusals = Pick<RefusalLog, 'record'>;

/**
 * Counts refused clients by reason and logs them: for each reason and source one line, and at most one in ten seconds
 * with the number of those in between. A line never contains what the client has sent.
 */
export class RefusalLog implements Disposable {
  readonly #options: RefusalLogOptions;
  readonly #thinner = new RefusalThinner({ windowMs, maxWindows });
  readonly #timer: NodeJS.Timeout;

  constructor(options: RefusalLogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#logOmitted(performance.now()), windowMs);
    this.#timer.unref();
  }

  record(reason: RefusalReason, { address, tenant }: RefusedSource): void {
    const { metrics, logger } = this.#options;
    metrics.clientRefused(reason);
    const refused = { reason, source: { address, ...(tenant === undefined ? {} : { tenant }) } };
    if (!this.#thinner.admit(refused, tenant ?? addressKey(address), performance.now())) return;
    logger[levelOf(reason)]({ reason, ...refused.source }, 'client refused');
  }

  /** Logs what was not logged yet. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#logOmitted(Infinity);
  }

  #logOmitted(nowMs: number): void {
    for (const { reason, source, omitted } of this.#thinner.expire(nowMs)) {
      this.#options.logger[levelOf(reason)]({ reason, ...source, omitted }, 'more clients refused');
    }
  }
}

/** Phones lose their connections all the time. */
function levelOf(reason: RefusalReason): 'debug' | 'info' {
  return reason === 'connection-lost' ? 'debug' : 'info';
}
