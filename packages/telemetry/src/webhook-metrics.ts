import { Counter } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.ts';

export interface WebhookMetrics {
  delivered(): void;
  /** An attempt failed; another one follows, unless the event is given up. */
  failed(): void;
  givenUp(): void;
}

/** Adds the counters of the webhook to a registry. */
export function createWebhookMetrics(registry: MetricsRegistry): WebhookMetrics {
  const attempts = new Counter({
    name: 'parley_worker_webhook_attempts_total',
    help: 'Attempts to deliver a webhook event, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const givenUp = new Counter({
    name: 'parley_worker_webhook_events_given_up_total',
    help: 'Webhook events that are not attempted any more.',
    registers: [registry],
  });
  return {
    delivered: () => attempts.inc({ outcome: 'delivered' }),
    failed: () => attempts.inc({ outcome: 'failed' }),
    givenUp: () => givenUp.inc(),
  };
}
