import type { Redis } from 'ioredis';

/**
 * Notices that another server process answers behind a connection: one that was restarted, or a replica that took over.
 * Either may lack the last writes that the one before had acknowledged.
 */
export class ServerIdentity {
  readonly #redis: Redis;
  readonly #onReplaced: () => void;
  #runId: string | undefined;

  constructor(redis: Redis, onReplaced: () => void) {
    this.#redis = redis;
    this.#onReplaced = onReplaced;
    if (redis.status === 'ready') void this.#look();
    redis.on('ready', () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      const [, runId] = /^run_id:(\S+)/m.exec(await this.#redis.info('server')) ?? [];
      const before = this.#runId;
      this.#runId = runId ?? before;
      if (before !== undefined && runId !== undefined && before !== runId) this.#onReplaced();
    } catch {
      // The connection was lost again: the next `ready` comes here again.
    }
  }
}
