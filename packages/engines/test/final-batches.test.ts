import { describe, expect, it } from '@jest/globals';
import {
  EngineCancelledError,
  EngineRejectedError,
  EngineReplyError,
  EngineUnavailableError,
  systemClock,
  type BatchAnswer,
  type Engine,
  type TranslationRequest,
} from '@parley/translation';
import type { BatchOutcome } from '../src/index.ts';
import { endpointOf, recordingObserver, unlimited } from './endpoint-fixture.ts';

function request(text: string, changed: Partial<TranslationRequest> = {}): TranslationRequest {
  return { text, source: 'en', target: 'es', kind: 'final', signal: new AbortController().signal, ...changed };
}

/** An endpoint whose engine notes what it is asked, and a time that passes on command. */
function setUp({
  isSaturated = true,
  answer,
}: { isSaturated?: boolean; answer?: (signal: AbortSignal) => Promise<never> } = {}) {
  const singles: string[] = [];
  const batches: string[][] = [];
  const outcomes: [number, BatchOutcome][] = [];
  const waiting = new Set<() => void>();
  const inner: Pick<Engine, 'translate' | 'translateBatch'> = {
    async translate({ text }) {
      singles.push(text);
      await Promise.resolve();
      return { text: `alone ${text}` };
    },
    async translateBatch(requests, signal): Promise<BatchAnswer> {
      if (signal.aborted) throw new EngineCancelledError('cancelled');
      batches.push(requests.map(({ text }) => text));
      if (answer !== undefined) await answer(signal);
      return { texts: requests.map(({ text }) => `shared ${text}`) };
    },
  };
  const endpoint = endpointOf(inner as Engine, {
    name: 'one',
    batching: true,
    limiter: { ...unlimited, isSaturated },
    clock: {
      now: () => systemClock.now(),
      delay: (_delayMs, signal) =>
        new Promise((resolve) => {
          const pass = (): void => {
            waiting.delete(pass);
            resolve();
          };
          waiting.add(pass);
          if (signal.aborted) pass();
          signal.addEventListener('abort', pass, { once: true });
        }),
    },
    observer: { ...recordingObserver(), batched: (texts, outcome) => outcomes.push([texts, outcome]) },
  });
  return {
    singles,
    batches,
    outcomes,
    text: async (asked: TranslationRequest): Promise<string> => {
      let heard = '';
      const { text } = await endpoint.call(asked, (piece) => (heard += piece));
      if (singles.includes(asked.text)) return text;
      expect(heard).toBe(text);
      return text;
    },
    timePasses: () => {
      for (const pass of [...waiting]) pass();
    },
  };
}

describe('while the rate limit is saturated', () => {
  it('combines finals of one language pair, and returns each its own translation', async () => {
    const { text, timePasses, batches, singles, outcomes } = setUp();
    const all = Promise.all([text(request('one')), text(request('two')), text(request('three'))]);
    timePasses();
    expect(await all).toEqual(['shared one', 'shared two', 'shared three']);
    expect(batches).toEqual([['one', 'two', 'three']]);
    expect(singles).toEqual([]);
    expect(outcomes).toEqual([[3, 'answered']]);
  });

  it.each<[string, Partial<TranslationRequest>]>([
    ['tenant', { tenant: 'another' }],
    ['target', { target: 'ca' }],
    ['source', { source: 'de' }],
    ['formality', { formality: 'formal' }],
    ['context', { context: 'a talk' }],
    ['glossary', { glossary: [{ source: 'one', target: 'uno' }] }],
  ])('does not mix texts of another %s', async (_what, changed) => {
    const { text, timePasses, batches } = setUp();
    const all = Promise.all([
      text(request('one')),
      text(request('two')),
      text(request('three', changed)),
      text(request('four', changed)),
    ]);
    timePasses();
    expect(await all).toEqual(['shared one', 'shared two', 'shared three', 'shared four']);
    expect(batches).toEqual([
      ['one', 'two'],
      ['three', 'four'],
    ]);
  });

  it('sends a full batch at once', async () => {
    const { text, batches } = setUp();
    const words = Array.from({ length: 8 }, (_, index) => `text ${index}`);
    await Promise.all(words.map((word) => text(request(word))));
    expect(batches).toEqual([words]);
  });

  it('sends a single text, partials, retries and texts with a history unbatched', async () => {
    const { text, timePasses, batches } = setUp();
    const history = [{ text: 'before', translation: 'antes' }];
    const all = Promise.all([
      text(request('only')),
      text(request('a partial', { kind: 'partial' })),
      text(request('again', { strict: true })),
      text(request('and then', { history })),
    ]);
    timePasses();
    expect(await all).toEqual(['alone only', 'alone a partial', 'alone again', 'alone and then']);
    expect(batches).toEqual([]);
  });

  it.each([new EngineReplyError('bad'), new EngineRejectedError('what is a response_format?')])(
    'an answer that is %s falls apart into singles',
    async (error) => {
      const { text, timePasses, singles, outcomes } = setUp({ answer: () => Promise.reject(error) });
      const all = Promise.all([text(request('one')), text(request('two'))]);
      timePasses();
      expect(await all).toEqual(['alone one', 'alone two']);
      expect(singles).toEqual(['one', 'two']);
      expect(outcomes).toEqual([[2, 'fell-apart']]);
    },
  );

  it('sends no further batches to an endpoint that does not support them', async () => {
    const { text, timePasses, batches } = setUp({ answer: () => Promise.reject(new EngineRejectedError('no')) });
    const first = Promise.all([text(request('one')), text(request('two'))]);
    timePasses();
    await first;
    await Promise.all([text(request('three')), text(request('four'))]);
    expect(batches).toHaveLength(1);
  });

  it('rejects each text with a temporary failure', async () => {
    const { text, timePasses, singles } = setUp({ answer: () => Promise.reject(new EngineUnavailableError('down')) });
    const all = Promise.allSettled([text(request('one')), text(request('two'))]);
    timePasses();
    for (const result of await all) expect(result).toMatchObject({ reason: expect.any(EngineUnavailableError) });
    expect(singles).toEqual([]);
  });

  it('removes a cancelled text without affecting the others', async () => {
    const abort = new AbortController();
    const { text, timePasses, batches } = setUp();
    const leaving = text(request('leaving', { signal: abort.signal }));
    const all = Promise.all([text(request('one')), text(request('two'))]);
    abort.abort();
    await expect(leaving).rejects.toThrow(EngineCancelledError);
    timePasses();
    expect(await all).toEqual(['shared one', 'shared two']);
    expect(batches).toEqual([['one', 'two']]);
  });

  it('does not add a text to a batch that was just abandoned', async () => {
    const abort = new AbortController();
    const { text, timePasses, batches } = setUp();
    const leaving = text(request('leaving', { signal: abort.signal }));
    abort.abort();
    const all = Promise.all([text(request('one')), text(request('two'))]);
    await expect(leaving).rejects.toThrow(EngineCancelledError);
    timePasses();
    expect(await all).toEqual(['shared one', 'shared two']);
    expect(batches).toEqual([['one', 'two']]);
  });

  it('aborts a batch at the engine when all its texts are cancelled', async () => {
    const abort = new AbortController();
    const asked = Promise.withResolvers<AbortSignal>();
    const { text, timePasses } = setUp({
      answer: (signal) => {
        asked.resolve(signal);
        return new Promise(() => undefined);
      },
    });
    const all = ['one', 'two'].map((word) => text(request(word, { signal: abort.signal })));
    timePasses();
    const signal = await asked.promise;
    expect(signal.aborted).toBe(false);
    abort.abort();
    for (const result of await Promise.allSettled(all)) expect(result.status).toBe('rejected');
    expect(signal.aborted).toBe(true);
  });
});

describe('while there is capacity', () => {
  it('sends every text at once', async () => {
    const { text, batches } = setUp({ isSaturated: false });
    expect(await Promise.all([text(request('one')), text(request('two'))])).toEqual(['alone one', 'alone two']);
    expect(batches).toEqual([]);
  });
});
