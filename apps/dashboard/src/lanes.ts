import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** Both lanes, opened to be looked at. */
export interface Lanes {
  readonly partials: Queue;
  readonly finals: Queue;
  close(): Promise<void>;
}

/**
 * Opens both lanes without changing anything about them: a Queue that may update its metas overwrites the settings of the
 * one that adds the jobs. The connection stays the caller's.
 */
export function openLanes(connection: Redis): Lanes {
  const open = (name: string): Queue => {
    const queue = new Queue(name, { connection, skipMetasUpdate: true });
    // Every queue repeats the errors of the shared connection, whose owner reports them once.
    queue.on('error', () => undefined);
    return queue;
  };
  const partials = open('{parley-partial-0}');
  const finals = open('{parley-final-0}');
  return {
    partials,
    finals,
    close: async () => {
      await Promise.all([partials.close(), finals.close()]);
    },
  };
}
