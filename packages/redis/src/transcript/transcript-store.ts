import type { RedisConnection } from '../connection/redis-connection.ts';
import { parseRow, type FoundLogEntry } from '../log/log-reader.ts';
import { sessionKeys } from '../script/keys.ts';
import { commaSeparated, groupsOf } from '../script/reply.ts';
import type { SessionSettings } from '../session/session-record.ts';

/** A transcript that can be read, and its session. */
export interface KeptTranscript {
  readonly sessionId: string;
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly sourceLanguage: string;
  readonly targetLanguages: readonly string[];
  readonly listenerLanguages: SessionSettings['listenerLanguages'];
  /** '' if the code is closed. */
  readonly joinCodeHash: string;
  /** The room that the session was started in. */
  readonly room: string | undefined;
  readonly hasEnded: boolean;
  /** Whether its beginning was removed, because it was larger than the session's limit. */
  readonly isTruncated: boolean;
  /** Whether anything is stored. */
  readonly isKept: boolean;
}

/** The fields of the session's hash that the last entry of an ended session's transcript repeats. */
const fieldNames = [
  'tenant',
  'startHead',
  'sourceLanguage',
  'targets',
  'listenerLanguages',
  'joinCode',
  'transcriptTrimmedTo',
  'room',
] as const;
type Fields = Partial<Record<(typeof fieldNames)[number], string>>;

/** How many entries are read at a time, so that neither Redis nor the edge is busy for long. */
const pageSize = 256;

/** Reads what was said in a session, while it runs and for some time after it has ended. */
export class TranscriptStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /** Finds the transcript of a session; `undefined` if the session is unknown or erased, or the transcript has expired. */
  async find(sessionId: string): Promise<KeptTranscript | undefined> {
    const keys = sessionKeys(sessionId);
    const [values, [newest]] = await Promise.all([
      this.#redis.hmget(keys.session, 'state', 'erased', 'transcriptRetentionMs', ...fieldNames),
      this.#redis.xrevrange(keys.transcript, '+', '-', 'COUNT', 1),
    ]);
    const [state, erased, retentionMs, ...fields] = values;
    const isKept = Number(retentionMs ?? '0') > 0;
    if (typeof erased === 'string') return undefined;
    if (typeof state === 'string' && (state !== 'ended' || !isKept)) {
      const named = Object.fromEntries(fieldNames.map((name, index) => [name, fields[index] ?? '']));
      return transcriptOf(sessionId, named, { hasEnded: state === 'ended', isKept });
    }
    const last: Fields = Object.fromEntries(groupsOf(2, newest?.[1] ?? []) as [string, string][]);
    return last.tenant === undefined ? undefined : transcriptOf(sessionId, last, { hasEnded: true, isKept: true });
  }

  /** Yields the entries of a transcript, oldest first, in pages. */
  async *read(sessionId: string): AsyncGenerator<FoundLogEntry[]> {
    const { transcript } = sessionKeys(sessionId);
    let start = '-';
    for (;;) {
      const rows = await this.#redis.xrange(transcript, start, '+', 'COUNT', pageSize);
      const [lastId] = rows.at(-1) ?? [];
      yield rows.filter(([, [name]]) => name === 'body').map(parseRow);
      if (rows.length < pageSize || lastId === undefined) return;
      start = `(${lastId}`;
    }
  }
}

function transcriptOf(
  sessionId: string,
  fields: Fields,
  state: Pick<KeptTranscript, 'hasEnded' | 'isKept'>,
): KeptTranscript {
  return {
    sessionId,
    tenant: fields.tenant ?? '',
    // Offsets are microseconds since 1970.
    startedAtMs: Math.floor(Number(fields.startHead) / 1000),
    sourceLanguage: fields.sourceLanguage ?? '',
    targetLanguages: commaSeparated(fields.targets ?? ''),
    listenerLanguages: parseListenerLanguages(fields.listenerLanguages ?? ''),
    joinCodeHash: fields.joinCode ?? '',
    room: fields.room === undefined || fields.room === '' ? undefined : fields.room,
    isTruncated: (fields.transcriptTrimmedTo ?? '') !== '',
    ...state,
  };
}

/** Parses the field of a session: `count N` or `list CSV`. */
function parseListenerLanguages(field: string): SessionSettings['listenerLanguages'] {
  const [kind, value = ''] = field.split(' ', 2);
  if (kind === 'count') return Number(value);
  return kind === 'list' ? commaSeparated(value) : undefined;
}
