import { WebhookConsumer, WebhookProducer, type WebhookEvent } from '@parley/queues';
import type { RedisConnection } from '@parley/redis/connection';
import type { EndedSession } from '@parley/redis/session';
import type { Logger, WebhookMetrics } from '@parley/telemetry';
import { postEvent, WebhookRefusedError } from './post-event.ts';
import { sessionEndedEvent } from './session-ended-event.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly secret: string;
  readonly redis: RedisConnection;
  readonly metrics: WebhookMetrics;
  readonly onError: (error: Error) => void;
  readonly logger: Logger;
}

/** Reports ended sessions to the webhook, together with all other workers. */
export class Webhook implements AsyncDisposable {
  readonly #options: WebhookOptions;
  readonly #producer: WebhookProducer;
  readonly #consumer: WebhookConsumer;

  constructor(options: WebhookOptions) {
    const { redis, onError, metrics, logger } = options;
    this.#options = options;
    this.#producer = new WebhookProducer(redis, onError);
    this.#consumer = new WebhookConsumer(redis, {
      deliver: (event, signal) => this.#deliver(event, signal),
      onGivenUp: ({ id }) => {
        metrics.givenUp();
        logger.error({ event: id }, 'giving up a webhook event');
      },
      onError,
    });
  }

  /** Queues the event of an ended session. Called again, also by another worker, it changes nothing. */
  async report(session: EndedSession): Promise<void> {
    await this.#producer.add(sessionEndedEvent(session));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer[Symbol.asyncDispose]();
    await this.#producer[Symbol.asyncDispose]();
  }

  async #deliver(event: WebhookEvent, signal: AbortSignal): Promise<void> {
    const { metrics, logger } = this.#options;
    try {
      await postEvent(this.#options, event, signal);
      metrics.delivered();
    } catch (error) {
      metrics.failed();
      const status = error instanceof WebhookRefusedError ? { status: error.status } : {};
      logger.warn({ err: error, event: event.id, ...status }, 'delivering a webhook event failed');
      throw error;
    }
  }
}
