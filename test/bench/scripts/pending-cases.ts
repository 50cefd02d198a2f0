import { CorrectionStore } from '@parley/redis/correction';
import { metadata, unlimited } from '../../../packages/redis/test/fixture.ts';
import { SessionInspection } from '@parley/redis/schedule';
import { bounds, languages, longText, openFull, translation } from './full-session.ts';
import type { ScriptCase } from './script-case.ts';

/** The scripts of accepted finals. */
export const pendingCases: readonly ScriptCase[] = [
  {
    script: 'pending/settle',
    worstCase: 'longest text, 80 targets, 25 of them with a partial shown; log and transcript full',
    prepare: async (redis) => {
      const session = await openFull(redis);
      const targets = languages(bounds.targets);
      return {
        keys: session.pattern,
        before: async (round) => {
          await session.fillLog();
          await redis.del(session.keys.pending);
          await session.openSegment(round, longText, targets.slice(0, bounds.openTargets));
        },
        run: (round) => session.settle(round, longText, targets, unlimited),
      };
    },
  },
  {
    script: 'pending/settle',
    worstCase: '1,089 settled segments with corrections, of which 65 are forgotten',
    prepare: async (redis) => {
      const session = await openFull(redis);
      let next = 1;
      const fill = async (count: number): Promise<void> => {
        for (const end = next + count; next < end; next++) {
          await session.settle(next, 'x', []);
          await redis.hset(session.keys.segments, `corrections ${next}`, `${'c'.repeat(22)} `.repeat(16));
        }
      };
      await fill(bounds.settledSegments);
      return {
        keys: session.pattern,
        before: async (round) => {
          if (round > 0) await fill(64);
        },
        run: () => session.settle(next++, 'x', []),
      };
    },
  },
  {
    script: 'pending/resolve',
    worstCase: 'an ordered session buffers 511 later results; log and transcript full',
    prepare: async (redis) => {
      const session = await openFull(redis, { ordered: true });
      let first = 1;
      return {
        keys: session.pattern,
        before: async () => {
          await session.fillLog();
          await session.fillOutstanding(first, ['es']);
          const later = Array.from({ length: bounds.finals - 1 }, (_, index) => first + 1 + index);
          await Promise.all(later.map((segmentId) => session.resolve(segmentId, 'es', 'x'.repeat(7000))));
        },
        run: async () => {
          await session.resolve(first, 'es');
          first += bounds.finals;
        },
      };
    },
  },
  {
    script: 'pending/read',
    worstCase: 'longest text and longest translation shown, 3,072 outstanding',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.fillOutstanding(10);
      await session.openSegment(1, longText, ['es']);
      await session.settle(1, longText, ['es']);
      return { keys: session.pattern, run: () => session.pending.read(session.segmentTarget(1)) };
    },
  },
  {
    script: 'pending/preview',
    worstCase: 'longest translation',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.settle(1, longText, ['es']);
      const body = { ...translation(1, 'es', longText), type: 'partial' as const };
      return {
        keys: session.pattern,
        run: (round) => session.pending.preview(session.segmentTarget(1), body, round - 1),
      };
    },
  },
  {
    script: 'correction/correct',
    worstCase: 'longest text, 80 targets, log and transcript full',
    prepare: async (redis) => {
      const session = await openFull(redis);
      const corrections = new CorrectionStore(redis);
      const targets = languages(bounds.targets);
      await session.settle(1, 'a sentence', targets, unlimited);
      const { sessionId } = session;
      const entry = { ...metadata, type: 'corrected-transcript' as const, segmentId: 1, text: longText };
      return {
        keys: session.pattern,
        before: () => session.fillLog(),
        run: (round) =>
          corrections.correct(
            { tenant: 't', sessionId, segmentId: 1, correctionId: `${round}`, entry, targets, copies: [] },
            unlimited,
          ),
      };
    },
  },
  {
    script: 'schedule/inspect',
    worstCase: '3,072 outstanding translations',
    prepare: async (redis) => {
      const session = await openFull(redis);
      await session.fillOutstanding();
      const inspection = new SessionInspection(redis);
      return { keys: session.pattern, run: () => inspection.inspect(session.sessionId, true) };
    },
  },
];
