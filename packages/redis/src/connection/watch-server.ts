import type { Redis } from 'ioredis';

/**
 * Calls `onReplaced` when a connection leads to another server process: a restarted one, or a promoted replica. Both
 * may lack the last writes that the previous one acknowledged. It watches until the connection is closed.
 */
export function watchServer(redis: Redis, onReplaced: () => void): void {
  let knownRunId: string | undefined;
  const checkRunId = async (): Promise<void> => {
    try {
      const [, runId] = /^run_id:(\S+)/m.exec(await redis.info('server')) ?? [];
      const before = knownRunId;
      knownRunId = runId ?? before;
      if (before !== undefined && runId !== undefined && before !== runId) onReplaced();
    } catch {
      // The connection was lost again; the next `ready` event retries.
    }
  };
  if (redis.status === 'ready') void checkRunId();
  redis.on('ready', () => void checkRunId());
}
