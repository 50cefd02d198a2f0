import { sessionKeys } from '../../../packages/redis/src/script/keys.ts';
import { metadata, openSession, translatedPartial, unlimited } from '../../../packages/redis/test/fixture.ts';
import type { LogEntry } from '@parley/redis/log';
import type { SessionSettings } from '@parley/redis/session';
import type { Redis } from 'ioredis';

/** The bounds of a session: see docs/limits.md. */
export const bounds = {
  /** Twenty of the host, and sixty that only listeners requested. */
  targets: 80,
  finals: 512,
  outstandingBytes: 4 * 1024 * 1024,
  openSegments: 32,
  /** With the longest text: what fits into the bytes of open segments. */
  openTargets: 25,
  logBytes: 4 * 1024 * 1024,
  transcriptBytes: 8 * 1024 * 1024,
  settledSegments: 1088,
  held: 2048,
} as const;

/** As many characters as a text may have, three bytes each. */
export const longText = '語'.repeat(10_000);
/** A language of its own for each number; private use, so that there are enough. */
export const languages = (count: number): string[] => Array.from({ length: count }, (_, index) => `es-x-l${index}`);

/** The targets of a segment that fills the quota of finals and that of bytes at once. */
export const spreadTargets = languages(Math.floor(bounds.outstandingBytes / 1200 / bounds.finals));

const smallBody = JSON.stringify({ ...metadata, type: 'transcript', segmentId: 1, text: 'a short sentence' });

/** Opens a session with the largest bounds. */
export async function openFull(redis: Redis, settings: Partial<SessionSettings> = {}) {
  const session = await openSession(
    redis,
    { targetLanguages: languages(20), listenerLanguages: 60, ...settings },
    { logMaxBytes: bounds.logBytes, transcriptMaxBytes: bounds.transcriptBytes },
  );
  const keys = sessionKeys(session.sessionId);
  // Nothing inspects it, so it would expire.
  await redis.persist(keys.session);
  return {
    ...session,
    keys,
    pattern: `{s:${session.sessionId}}*`,
    /** Fills the log and the transcript to their last byte with short entries, of which most must be trimmed. */
    fillLog: async (): Promise<void> => {
      await fillStream(redis, keys.log, bounds.logBytes, session.head);
      await fillStream(redis, keys.transcript, bounds.transcriptBytes, session.head);
      await redis.hset(keys.session, {
        head: session.head + Math.ceil(bounds.transcriptBytes / smallBody.length),
        logBytes: bounds.logBytes,
        transcriptBytes: bounds.transcriptBytes,
      });
    },
    /** Accepts as many finals as may be outstanding, each with targets that fill the bytes. */
    fillOutstanding: async (first = 1, targets: readonly string[] = spreadTargets): Promise<void> => {
      const ids = Array.from({ length: bounds.finals }, (_, index) => first + index);
      await Promise.all(ids.map((id) => session.settle(id, 'a short sentence', targets, unlimited)));
    },
    /** Opens a segment with everything that it may have. */
    openSegment: async (segmentId: number, text: string, targets: readonly string[]): Promise<void> => {
      const { lease } = await session.hold(segmentId, 1, text, [...targets]);
      await Promise.all(
        targets.map((target) =>
          session.segments.commit(
            { sessionId: session.sessionId, segmentId, target },
            lease,
            1,
            translatedPartial(segmentId, target, text),
          ),
        ),
      );
    },
  };
}

/** The result of a final. */
export function translation(
  segmentId: number,
  targetLanguage: string,
  text: string,
): LogEntry & { type: 'translation' } {
  const timing = { queueMs: 0, engineMs: 0 };
  return { ...metadata, type: 'translation', segmentId, targetLanguage, text, cached: false, ...timing };
}

async function fillStream(redis: Redis, key: string, bytes: number, head: number): Promise<void> {
  const full = `full ${key}`;
  if ((await redis.exists(full)) === 0) await buildStream(redis, full, bytes, head);
  await redis.copy(full, key, 'REPLACE');
}

async function buildStream(redis: Redis, key: string, bytes: number, head: number): Promise<void> {
  const count = Math.floor(bytes / smallBody.length);
  for (let from = 0; from < count; from += 2000) {
    const pipeline = redis.pipeline();
    for (let index = from; index < Math.min(count, from + 2000); index++) {
      pipeline.xadd(key, `${head + index + 1}-0`, 'body', smallBody);
    }
    await pipeline.exec();
  }
}
