/** The queue of webhook events. The braces keep its keys in one slot of a Redis Cluster; the number is a shard. */
export const webhookQueueName = '{parley-webhook-0}';

/** An event to be delivered. Format version 1. */
export interface WebhookEvent {
  readonly v: 1;
  /** The same for the same event, so that it is queued once and a receiver recognizes a repetition. */
  readonly id: string;
  /** The request's body: JSON. */
  readonly body: string;
}
