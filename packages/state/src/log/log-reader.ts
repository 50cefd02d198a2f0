import type { Redis } from 'ioredis';
import { sessionKeys } from '../redis/keys.ts';
import { logEntrySchema, type LogEntry } from './log-entry.ts';

export interface NumberedLogEntry {
  readonly offset: number;
  readonly entry: LogEntry;
}

/** Reads a session's log. */
export class LogReader {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The entries after an offset, oldest first, at most `limit` of them. */
  async readAfter(sessionId: string, offset: number, limit = 256): Promise<NumberedLogEntry[]> {
    const rows = await this.#redis.xrange(sessionKeys(sessionId).log, `(${offset}-0`, '+', 'COUNT', limit);
    return rows.map(([id, fields]) => ({
      offset: Number(id.slice(0, id.indexOf('-'))),
      entry: logEntrySchema.parse(JSON.parse(fields[1] ?? '')),
    }));
  }
}
