import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ShardedSubscriptions } from '../redis/sharded-subscriptions.ts';
import type { CallInFlight } from './call-in-flight.ts';

/** What travels on a thread's channel. Format version 1. */
const cancelMessageSchema = z.object({
  v: z.literal(1),
  sessionId: z.string(),
  calls: z.array(z.object({ segmentId: z.number(), target: z.string(), digest: z.string() })),
});

/** One call of a thread that is of no use any more. */
export interface CancelledCall {
  readonly sessionId: string;
  readonly segmentId: number;
  readonly target: string;
  readonly digest: string;
}

/**
 * Tells worker threads which of their calls nobody wants any more: each thread has a sharded channel, `thread:ID`. A
 * message may be lost; the renewal of the call's lease is the second way to learn of it.
 */
export class ThreadCancels {
  readonly #redis: Redis;

  /** @param redis to publish on, any connection; to subscribe, one of its own */
  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Tells every thread that holds one of these calls, in one message each. */
  async publish(sessionId: string, calls: readonly CallInFlight[]): Promise<void> {
    const threads = Map.groupBy(calls, ({ thread }) => thread);
    await Promise.all(
      [...threads].map(([thread, held]) => {
        const message: z.infer<typeof cancelMessageSchema> = {
          v: 1,
          sessionId,
          calls: held.map(({ segmentId, target, digest }) => ({ segmentId, target, digest })),
        };
        return this.#redis.spublish(channelOf(thread), JSON.stringify(message));
      }),
    );
  }

  /**
   * Hears what is published for a thread, also after the connection was away. Resolves once Redis has acknowledged.
   * What can't be read is passed over.
   */
  async subscribe(thread: string, cancel: (call: CancelledCall) => void): Promise<void> {
    this.#redis.on('smessage', (channel: string, message: string) => {
      if (channel !== channelOf(thread)) return;
      const parsed = parseCancelMessage(message);
      if (parsed === undefined) return;
      for (const call of parsed.calls) cancel({ sessionId: parsed.sessionId, ...call });
    });
    await new ShardedSubscriptions(this.#redis).add(channelOf(thread));
  }
}

function channelOf(thread: string): string {
  return `thread:${thread}`;
}

function parseCancelMessage(message: string): z.infer<typeof cancelMessageSchema> | undefined {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    return undefined;
  }
  return cancelMessageSchema.safeParse(json).data;
}
