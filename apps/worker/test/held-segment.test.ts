import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import type { CommitStatus, SegmentWork, TakenSegment } from '@parley/redis/segment';
import { createLogger, createThreadRegistry, createWorkerMetrics } from '@parley/telemetry';
import { EngineCancelledError, type JobRequest, type TranslationResult } from '@parley/translation';
import { CallSlots } from '../src/partials/call-slots.ts';
import { HeldSegment } from '../src/partials/held-segment.ts';

const work = (revision: number, targets: readonly string[] = ['es']): SegmentWork => ({
  v: 1,
  type: 'revision',
  segmentId: 1,
  revision,
  text: `text ${revision}`,
  digest: `digest ${revision}`,
  metadata: { v: 1, language: 'en', receivedAtMs: 0 },
  targets: [...targets],
});

const taken: TakenSegment = {
  fence: '7',
  work: work(0, ['es', 'fr']),
  settings: {
    v: 1,
    sourceLanguage: 'en',
    targetLanguages: ['es', 'fr'],
    glossary: [],
    useHistory: false,
    formality: 'default',
    stability: 'off',
    ordered: false,
    class: 'live',
  },
  tenant: 't',
  shown: new Map(),
};

/** A held segment without Redis, whose calls end when the test says so. */
function heldSegment() {
  const takes: unknown[][] = [];
  const calls: { request: JobRequest; answer: (result: TranslationResult) => void }[] = [];
  const commits: string[] = [];
  const commitWaiters = new Map<number, () => void>();
  const replies = { take: taken as TakenSegment | undefined, commit: 'published' as CommitStatus };
  const segment = new HeldSegment(
    { sessionId: 's', segmentId: 1, job: '5', taking: 'mine' },
    taken,
    new AbortController().signal,
    {
      segments: {
        take: (...args) => {
          takes.push(args);
          return Promise.resolve(replies.take);
        },
        commit: ({ target }, _lease, revision) => {
          commits.push(`${target} ${revision} ${replies.commit}`);
          commitWaiters.get(commits.length)?.();
          return Promise.resolve({ status: replies.commit, newer: undefined });
        },
      },
      translations: {
        translatePartial: (request) => {
          const { promise, resolve, reject } = Promise.withResolvers<TranslationResult>();
          request.unwanted?.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')));
          calls.push({ request, answer: resolve });
          return promise;
        },
        share: () => undefined,
      },
      slots: new CallSlots({ maxCalls: 64, capacity: () => undefined, now: () => performance.now() }),
      maxInFlight: () => 2,
      showsEarly: () => false,
      spending: { saved: () => undefined, stability: () => undefined },
      meter: { called: () => undefined, rateLimited: () => undefined },
      notices: { publish: () => undefined },
      metrics: createWorkerMetrics(createThreadRegistry()),
      logger: createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker'),
    },
  );
  return {
    segment,
    takes,
    replies,
    commits,
    /** Resolves when there were this many commits. */
    committed: (count: number): Promise<void> =>
      new Promise((resolve) => {
        if (commits.length >= count) resolve();
        else commitWaiters.set(count, resolve);
      }),
    /** The calls so far, each as `TARGET REVISION`. */
    called: () => calls.map(({ request: { target, text } }) => `${target} ${text.replace('text ', '')}`),
    /** Ends the newest call of a target with a translation. */
    answer: async (target: string): Promise<void> => {
      const call = calls.findLast(({ request }) => request.target === target);
      call?.answer({ text: `[${target}]`, engineMs: 1, attempts: 1, cached: false, joined: false });
      await settled();
    },
    /** As the message of a change of the session's languages. */
    want: async (...targets: string[]): Promise<void> => {
      segment.message({ v: 1, type: 'settings', targets: `${targets.join(',')},` });
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise(setImmediate);

describe('a held segment', () => {
  it('I9: ends instead of taking the segment back from another thread', async () => {
    const { segment, takes, replies } = heldSegment();
    segment.missed();
    expect(takes).toEqual([[{ sessionId: 's', segmentId: 1 }, '5', 'mine', '7']]);
    await settled();
    replies.take = undefined;
    segment.missed();
    expect(await segment.over).toBe('closed');
  });

  it('translates a revision into a language that is removed and added again', async () => {
    const { called, want, answer, commits } = heldSegment();
    await want('es');
    expect(called()).toEqual(['es 0', 'fr 0']);
    await want('es', 'fr');
    expect(called()).toEqual(['es 0', 'fr 0', 'fr 0']);
    await answer('fr');
    await want('es', 'fr');
    expect(commits).toEqual(['fr 0 published']);
    expect(called()).toHaveLength(3);
  });

  it('translates it, too, if the language was removed while the result was written', async () => {
    const { called, want, answer, replies, commits, committed } = heldSegment();
    replies.commit = 'unwanted';
    await answer('fr');
    expect(commits).toEqual(['fr 0 unwanted']);
    expect(called()).toHaveLength(2);
    await want('es');
    replies.commit = 'published';
    await want('es', 'fr');
    await committed(2);
    expect(called()).toHaveLength(2);
    expect(commits).toEqual(['fr 0 unwanted', 'fr 0 published']);
  });

  it('does so, too, if the timer of its wait expires early within a millisecond', async () => {
    const waiting = Array.from({ length: 20 }, () => heldSegment());
    for (const { replies, answer } of waiting) {
      replies.commit = 'unwanted';
      await answer('fr');
      replies.commit = 'published';
    }
    // In a busy event loop, timers expire as early as they can.
    let busy = setImmediate(function spin() {
      busy = setImmediate(spin);
    });
    try {
      await Promise.all(waiting.map(({ committed }) => committed(2)));
    } finally {
      clearImmediate(busy);
    }
  });

  it('translates a revision that is put again with another language', async () => {
    const { segment, called, answer } = heldSegment();
    await answer('es');
    segment.message(work(0, ['es', 'fr', 'ca']));
    expect(called()).toEqual(['es 0', 'fr 0', 'ca 0']);
  });
});
