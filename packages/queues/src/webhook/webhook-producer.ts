import { Queue } from 'bullmq';
import type { RedisConnection } from '../redis-connection.ts';
import { webhookQueueName, type WebhookEvent } from './webhook-event.ts';

/** With delays of 1 s, 2 s, 4 s and so on, each up to a half shorter, the last attempt is made after 4.5 to 9 hours. */
const attempts = 16;
const firstDelayMs = 1000;
/** The share of each delay that is random, so that a receiver that returns is not asked for everything at once. */
const jitter = 0.5;
/** Events that were delivered or given up; while they are kept, the same event is not queued again. */
const kept = { delivered: { age: 600, count: 1000 }, givenUp: { age: 86_400, count: 1000 } };
/** BullMQ's own events are not used. */
const keptQueueEvents = 100;

/** Adds events to the queue of the webhook. The caller owns the connection. */
export class WebhookProducer implements AsyncDisposable {
  readonly #queue: Queue;

  /** @param onError receives connection errors, from which BullMQ recovers by itself */
  constructor(connection: RedisConnection, onError: (error: Error) => void) {
    this.#queue = new Queue(webhookQueueName, { connection, streams: { events: { maxLen: keptQueueEvents } } });
    this.#queue.on('error', onError);
  }

  /** Adds an event; one whose ID is known already changes nothing. */
  async add(event: WebhookEvent): Promise<void> {
    await this.#queue.add('event', event, {
      jobId: event.id,
      attempts,
      backoff: { type: 'exponential', delay: firstDelayMs, jitter },
      removeOnComplete: kept.delivered,
      removeOnFail: kept.givenUp,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close();
  }
}
