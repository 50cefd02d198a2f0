import type { Redis } from 'ioredis';

/**
 * Notices that another server process answers behind a connection: one that was restarted, or a replica that took over.
 * Either may lack the last writes that the one before had acknowledged. It watches for as long as the connection lives.
 */
export function watchServer(redis: Redis, onReplaced: () => void): void {
  let knownRunId: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const [, runId] = /^run_id:(\S+)/m.exec(await redis.info('server')) ?? [];
      const before = knownRunId;
      knownRunId = runId ?? before;
      if (before !== undefined && runId !== undefined && before !== runId) onReplaced();
    } catch {
      // The connection was lost again: the next `ready` comes here again.
    }
  };
  if (redis.status === 'ready') void look();
  redis.on('ready', () => void look());
}
