import type { WebhookEvent } from '@parley/queues';
import { webhookSignature } from './webhook-signature.ts';

/** The receiver did not accept an event. */
export class WebhookRefusedError extends Error {
  override readonly name = 'WebhookRefusedError';
  readonly status: number;

  constructor(status: number) {
    super(`the webhook was answered with HTTP ${status}`);
    this.status = status;
  }
}

/** Where events are sent. */
export interface WebhookReceiver {
  readonly url: string;
  readonly secret: string;
  /** The time limit of a request (default 10,000). */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 10_000;

/**
 * Sends an event to the webhook; any status from 200 to 299 accepts it. Redirects are not followed, and the body of the
 * answer is not read.
 *
 * @throws WebhookRefusedError for another status; otherwise the error of `fetch` or the reason of a signal
 */
export async function postEvent(
  { url, secret, timeoutMs = defaultTimeoutMs }: WebhookReceiver,
  { body }: WebhookEvent,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Parley-Webhook/1',
      'x-parley-signature': webhookSignature(secret, body, Date.now()),
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new WebhookRefusedError(response.status);
}
