import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { sessionKeys } from '../script/keys.ts';
import { asStrings, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { logEntrySchema, partialResultSchema, type LogEntry, type PartialResult } from './log-entry.ts';

/** An entry as it was found; `entry` is undefined where this version can't read it. */
export interface FoundLogEntry {
  readonly offset: number;
  readonly entry: LogEntry | undefined;
}

/** How far back the newest entries for a reader are looked for. */
const searchedEntries = 512;

/** Reads a session's log, and what was last shown of its open segments. */
export class LogReader {
  readonly #redis: Redis;
  readonly #openPartials: Script;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#openPartials = defineScript(
      redis,
      'parleyOpenPartials',
      new URL('../session/open-partials.lua', import.meta.url),
    );
  }

  /** The entries after an offset, oldest first, at most `limit` of them. */
  async readAfter(sessionId: string, offset: number, limit = 256): Promise<FoundLogEntry[]> {
    const rows = await this.#redis.xrange(sessionKeys(sessionId).log, `(${offset}-0`, '+', 'COUNT', limit);
    return rows.map(found);
  }

  /** The newest entries that can be read, newest first, so many of the log at most. */
  async readNewest(sessionId: string, limit: number): Promise<LogEntry[]> {
    const rows = await this.#redis.xrevrange(sessionKeys(sessionId).log, '+', '-', 'COUNT', limit);
    return rows.flatMap((row) => found(row).entry ?? []);
  }

  /**
   * The offset after which the newest entries lie, so many of each target, for a reader who has seen nothing yet. Where
   * there are none among the newest 512 of the log: its head, or 0 where it is empty; but never after the end.
   *
   * @param targetOf what an entry counts for; `undefined`: it isn't for this reader
   */
  async offsetBeforeNewest(
    sessionId: string,
    targetOf: (entry: LogEntry) => string | undefined,
    countPerTarget: number,
  ): Promise<number> {
    const rows = await this.#redis.xrevrange(sessionKeys(sessionId).log, '+', '-', 'COUNT', searchedEntries);
    const newestFirst = rows.map(found);
    const counts = new Map<string, number>();
    const among = newestFirst.filter(({ entry }) => {
      const target = entry === undefined ? undefined : targetOf(entry);
      if (target === undefined) return false;
      const count = (counts.get(target) ?? 0) + 1;
      counts.set(target, count);
      return count <= countPerTarget;
    });
    const first = among.at(-1);
    if (first !== undefined) return first.offset - 1;
    return newestFirst.find(({ entry }) => entry?.type !== 'ended')?.offset ?? 0;
  }

  /** The newest partial of each open segment and target that can be read, and the head of the log at that moment. */
  async readOpenPartials(sessionId: string): Promise<{ head: number; revision: number; partial: PartialResult }[]> {
    const keys = sessionKeys(sessionId);
    const [head, ...words] = asStrings(
      await this.#openPartials([keys.session, keys.open, keys.channel, keys.pending], []),
    );
    return groupsOf(2, words).flatMap(([revision, body]) => {
      const partial = readable(partialResultSchema, body);
      return partial === undefined ? [] : [{ head: Number(head), revision: Number(revision), partial }];
    });
  }
}

function found([id, fields]: [string, string[]]): FoundLogEntry {
  return { offset: Number(id.slice(0, id.indexOf('-'))), entry: readable(logEntrySchema, fields[1]) };
}

/** `undefined` where another version wrote it, or it is broken. */
function readable<Value>(schema: z.ZodType<Value>, json: string | undefined): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}
