import { randomUUID } from 'node:crypto';
import { translatedPartial } from '../../../packages/redis/test/fixture.ts';
import { bounds, languages, longText, openFull } from './full-session.ts';
import type { ScriptCase } from './script-case.ts';

/** The scripts of open segments. */
export const segmentCases: readonly ScriptCase[] = [
  {
    script: 'segment/put',
    worstCase: 'longest text, 25 targets; the other 31 open segments are evicted',
    prepare: async (redis) => {
      const session = await openFull(redis);
      return {
        keys: session.pattern,
        before: async () => {
          for (let id = 1; id < bounds.openSegments; id++)
            await session.openSegment(id, 'x'.repeat(1000), languages(20));
        },
        run: (round) =>
          session.putPartial({
            segmentId: 100,
            revision: round,
            text: longText,
            targets: languages(bounds.openTargets),
            maxOpenBytes: 768 * 1024,
          }),
      };
    },
  },
  {
    script: 'segment/take',
    worstCase: 'longest text, 25 targets with a translation shown',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.openSegment(1, longText, languages(bounds.openTargets));
      const segment = { sessionId: session.sessionId, segmentId: 1 };
      return {
        keys: session.pattern,
        run: async () =>
          session.segments.take(segment, (await redis.hget(session.segmentKey(1), 'job')) ?? '', randomUUID()),
      };
    },
  },
  {
    script: 'segment/commit',
    worstCase: 'longest translation',
    prepare: async (redis) => {
      const session = await openFull(redis);
      const { lease } = await session.hold(1, 1, longText);
      const target = session.segmentTarget(1);
      return {
        keys: session.pattern,
        run: (round) => session.segments.commit(target, lease, round + 1, translatedPartial(1, 'es', longText)),
      };
    },
  },
  {
    script: 'segment/renew',
    worstCase: '32 open segments, each with a newer revision',
    prepare: async (redis) => {
      const session = await openFull(redis);
      const leases: { segmentId: number; fence: string; knownRevision: number }[] = [];
      for (let id = 1; id <= bounds.openSegments; id++) {
        const { lease } = await session.hold(id, 1, longText);
        leases.push({ ...lease, knownRevision: 0 });
      }
      return { keys: session.pattern, run: () => session.segments.renew(session.sessionId, leases) };
    },
  },
  {
    script: 'segment/requeue',
    worstCase: '32 open segments of the longest text, 20 targets not shown',
    prepare: async (redis) => {
      const session = await openFull(redis);
      for (let id = 1; id <= bounds.openSegments; id++) await session.hold(id, 1, longText, languages(20));
      return { keys: session.pattern, run: () => session.segments.requeue(session.sessionId, []) };
    },
  },
];
