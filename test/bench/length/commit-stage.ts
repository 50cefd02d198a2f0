import type { Redis } from 'ioredis';
import { PendingStore } from '@parley/redis/pending';
import { openSession, metadata } from '../../../packages/redis/test/fixture.ts';
import { replyTo } from './long-text.ts';
import type { Stage } from './stages.ts';

/** Longer than the measurement of a stage, which may take minutes; the owner expires otherwise. */
const sessionMs = 5000;

/** The cost of a text in this process from its partial to the result of its final: put, take, commit, settle, preview, resolve. */
export function commitStage(redis: Redis): Stage {
  const pending = new PendingStore(redis);
  let opened: { readonly session: Promise<Awaited<ReturnType<typeof openSession>>>; readonly atMs: number } | undefined;
  let segmentId = 0;
  return {
    name: 'put to result in Redis',
    run: async (text) => {
      if (opened === undefined || performance.now() - opened.atMs > sessionMs) {
        opened = { session: openSession(redis), atMs: performance.now() };
      }
      const { segments, segmentTarget, hold, settle } = await opened.session;
      const name = segmentTarget(++segmentId);
      const { lease } = await hold(segmentId, 0, text);
      const shown = { ...metadata, segmentId, targetLanguage: 'es', text: replyTo(text), queueMs: 0, engineMs: 0 };
      const partial = { ...shown, type: 'partial' } as const;
      await segments.commit(name, lease, 0, partial);
      await settle(segmentId, text);
      await pending.read(name);
      await pending.preview(name, partial, 0);
      await pending.resolve(name, { ...shown, type: 'translation', cached: false });
    },
  };
}
