import type { LogReader } from '@parley/state';
import type { Logger } from '@parley/telemetry';
import { Delivery } from './delivery.ts';
import type { Subscriber } from './subscriber.ts';

const retryMs = 200;

export interface CatchUpDependencies {
  readonly log: Pick<LogReader, 'readAfter' | 'readOpenPartials'>;
  readonly logger: Logger;
}

/**
 * Gives a subscriber what the log holds after its offset, then the newest partial of each open segment. Tries again as
 * long as Redis is away; ends early when the subscriber has left.
 */
export async function catchUp(
  { log, logger }: CatchUpDependencies,
  sessionId: string,
  subscriber: Subscriber,
  hasLeft: () => boolean,
): Promise<void> {
  while (!hasLeft()) {
    try {
      const entries = await log.readAfter(sessionId, subscriber.deliveredOffset);
      const partials = entries.length === 0 ? await log.readOpenPartials(sessionId) : [];
      if (hasLeft()) return;
      for (const { offset, entry } of entries) {
        if (entry === undefined) subscriber.pass(offset);
        else subscriber.deliver(new Delivery({ kind: 'log', offset, entry }));
      }
      for (const partial of partials) subscriber.deliver(new Delivery({ kind: 'partial', ...partial }));
      if (entries.length === 0) return;
    } catch (error) {
      logger.warn({ err: error, sessionId }, 'a log could not be read');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
