import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStrings, groupsOf } from '../script/reply.ts';
import { parseStored } from '../script/parse-stored.ts';
import { defineScript, type Script } from '../script/script.ts';
import { logEntrySchema, partialResultSchema, type LogEntry, type PartialResult } from './log-entry.ts';

/** A log entry with its offset; `entry` is undefined if this version can't parse it. */
export interface FoundLogEntry {
  readonly offset: number;
  readonly entry: LogEntry | undefined;
}

/** Maximum bytes read at once, but at least one entry. Parsing this much takes a few milliseconds; a log may have 4 MiB. */
const maxBytesAtOnce = 256 * 1024;
/** How much `offsetBeforeNewest` searches. */
const searchedEntries = 512;
const searchedBytes = 1024 * 1024;

/** Reads a session's log and the partials last shown for its open segments. */
export class LogReader {
  readonly #read: Script;
  readonly #openPartials: Script;

  constructor(redis: RedisConnection) {
    this.#read = defineScript(redis, 'parleyReadLog', new URL('read.lua', import.meta.url));
    this.#openPartials = defineScript(
      redis,
      'parleyOpenPartials',
      new URL('../session/open-partials.lua', import.meta.url),
    );
  }

  /** Returns the first entries after an offset, oldest first, at most `limit`; none if there are no further ones. */
  async readAfter(sessionId: string, offset: number, limit = 256): Promise<FoundLogEntry[]> {
    return await this.#entries(sessionId, String(offset), limit, maxBytesAtOnce);
  }

  /** Returns the newest entries of the log, newest first: at most `limit`, and at most `maxBytes` but at least one. */
  async readNewest(sessionId: string, limit: number, maxBytes: number): Promise<FoundLogEntry[]> {
    return await this.#entries(sessionId, 'newest', limit, maxBytes);
  }

  /**
   * Returns the offset after which a new reader should start, so that it gets the newest `countPerTarget` entries of each target, as
   * far as they are among the newest 512 entries and 1 MiB of the log. If none are: the newest offset before the end of the session,
   * or 0 if the log is empty.
   *
   * @param targetOf the target for which an entry counts; `undefined` if it isn't for this reader
   */
  async offsetBeforeNewest(
    sessionId: string,
    targetOf: (entry: LogEntry) => string | undefined,
    countPerTarget: number,
  ): Promise<number> {
    const newestFirst = await this.readNewest(sessionId, searchedEntries, searchedBytes);
    const counts = new Map<string, number>();
    const included = newestFirst.filter(({ entry }) => {
      const target = entry === undefined ? undefined : targetOf(entry);
      if (target === undefined) return false;
      const count = (counts.get(target) ?? 0) + 1;
      counts.set(target, count);
      return count <= countPerTarget;
    });
    const first = included.at(-1);
    if (first !== undefined) return first.offset - 1;
    return newestFirst.find(({ entry }) => entry?.type !== 'ended')?.offset ?? 0;
  }

  /** Returns the newest readable partial of each open segment and target, each with the newest offset of the log at that moment. */
  async readOpenPartials(sessionId: string): Promise<{ head: number; revision: number; partial: PartialResult }[]> {
    const keys = sessionKeys(sessionId);
    const found: { head: number; revision: number; partial: PartialResult }[] = [];
    for (let start = '0'; start !== '';) {
      const [head, next = '', ...fields] = asStrings(
        await this.#openPartials([keys.session, keys.open, keys.channel, keys.pending], [start]),
      );
      for (const [revision, body] of groupsOf(2, fields)) {
        const partial = parseStored(partialResultSchema, body);
        if (partial !== undefined) found.push({ head: Number(head), revision: Number(revision), partial });
      }
      start = next;
    }
    return found;
  }

  async #entries(sessionId: string, from: string, maxEntries: number, maxBytes: number): Promise<FoundLogEntry[]> {
    const found = asStrings(await this.#read([sessionKeys(sessionId).log], [from, maxEntries, maxBytes]));
    return groupsOf(2, found).map(([id = '', body]) => parseEntry(id, body));
  }
}

/** Parses an entry of a stream as Redis returns it. */
export function parseRow([id, fields]: [string, string[]]): FoundLogEntry {
  return parseEntry(id, fields[1]);
}

function parseEntry(id: string, body: string | undefined): FoundLogEntry {
  return { offset: Number(id.slice(0, id.indexOf('-'))), entry: parseStored(logEntrySchema, body) };
}
