import { UnrecoverableError, Worker } from 'bullmq';
import type { RedisConnection } from '../redis-connection.ts';
import { webhookQueueName, type WebhookEvent } from './webhook-event.ts';

export interface WebhookConsumerOptions {
  /**
   * Delivers an event. An error is followed by another attempt, unless it was the last one.
   *
   * @param signal aborts when the consumer is closed; the attempt then counts as failed
   */
  readonly deliver: (event: WebhookEvent, signal: AbortSignal) => Promise<void>;
  /** Called when an event is given up: after the last attempt, or because it is too old. */
  readonly onGivenUp: (event: WebhookEvent) => void;
  /** Receives connection errors, from which BullMQ recovers by itself. */
  readonly onError: (error: Error) => void;
}

/** How many events one process delivers at a time. */
const concurrency = 4;
/** Older events are given up, even if no process was running to attempt them. */
const maxAgeMs = 86_400_000;

/** Takes events from the queue of the webhook. Any number of processes may do so. */
export class WebhookConsumer implements AsyncDisposable {
  readonly #worker: Worker<WebhookEvent>;
  readonly #abort = new AbortController();

  constructor(connection: RedisConnection, { deliver, onGivenUp, onError }: WebhookConsumerOptions) {
    this.#worker = new Worker<WebhookEvent>(
      webhookQueueName,
      async ({ data, timestamp, attemptsMade, opts }) => {
        if (Date.now() - timestamp > maxAgeMs) {
          onGivenUp(data);
          throw new UnrecoverableError('the event is too old');
        }
        try {
          await deliver(data, this.#abort.signal);
        } catch (error) {
          if (attemptsMade + 1 >= (opts.attempts ?? 1)) onGivenUp(data);
          throw error;
        }
      },
      // An event is attempted again however often a process has died with it.
      { connection, concurrency, maxStalledCount: Number.MAX_SAFE_INTEGER },
    );
    this.#worker.on('error', onError);
  }

  /** Aborts the attempts in progress, which are repeated later. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#worker.close();
  }
}
