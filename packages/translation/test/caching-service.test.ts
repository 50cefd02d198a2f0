import { describe, expect, it } from '@jest/globals';
import {
  createCachingService,
  EngineReplyError,
  translationKeys,
  type RememberedTranslation,
  type SavedBy,
  type TranslationCache,
} from '../src/index.ts';
import { answeredByTest, partial, request, translated } from './service-stand-in.ts';

/** The service over a cache in memory. */
function caching(changed: Partial<TranslationCache> = {}, hasCache = true) {
  const { service, calls } = answeredByTest();
  const memory = new Map<string, RememberedTranslation>();
  const kept = new Map<string, { kind: string; text: string }>();
  const saved: SavedBy[] = [];
  const asked: string[] = [];
  const cache: TranslationCache = {
    find: (key, kind) => {
      asked.push(kind);
      return Promise.resolve(kept.get(key)?.text);
    },
    keep: (key, kind, text) => Promise.resolve(void kept.set(key, { kind, text })),
    ...changed,
  };
  const caches = createCachingService(service, {
    keyOf: translationKeys({ identity: () => 'engine', shared: false }),
    memory,
    cache: hasCache ? cache : undefined,
    onSaved: (_request, by) => saved.push(by),
  });
  const called = async (): Promise<void> => {
    while (calls.length === 0) await Promise.resolve();
  };
  return { service: caches, calls, memory, kept, saved, asked, called };
}

describe('a translation that was made before', () => {
  it('comes out of this memory, or out of the cache, without a call', async () => {
    const { service, calls, memory, saved, called } = caching();
    const first = service.translatePartial(partial);
    await called();
    calls[0]?.answer(translated);
    expect(await first).toEqual(translated);
    const cached = { text: translated.text, cached: true, joined: false, attempts: 0 };
    expect(await service.translatePartial(partial)).toMatchObject(cached);
    memory.clear();
    expect(await service.translatePartial(partial)).toMatchObject(cached);
    expect(saved).toEqual(['memory', 'cache']);
    expect(calls).toHaveLength(1);
  });

  it('is a final from the first final on that finds it, and stays one', async () => {
    const { service, calls, asked, saved, called } = caching();
    const first = service.translatePartial(partial);
    await called();
    calls[0]?.answer(translated);
    await first;
    await service.translateFinal(request);
    await service.translatePartial(partial);
    await service.translateFinal(request);
    expect(asked).toEqual(['partial', 'final']);
    expect(saved).toEqual(['cache', 'memory', 'memory']);
  });

  it('is remembered by whoever does not ask the cache itself', async () => {
    const { service, calls, asked, kept, called } = caching({}, false);
    const first = service.translateFinal(request);
    await called();
    calls[0]?.answer({ ...translated, cached: true });
    await first;
    expect(await service.translateFinal(request)).toMatchObject({ cached: true });
    expect([asked, kept.size]).toEqual([[], 0]);
  });

  it('by a stand-in is kept as such, whatever it was made for', async () => {
    for (const kind of ['partial', 'final'] as const) {
      const { service, calls, kept, called } = caching();
      const first = kind === 'final' ? service.translateFinal(request) : service.translatePartial(partial);
      await called();
      calls[0]?.answer({ ...translated, standIn: true });
      await first;
      expect([...kept.values()]).toEqual([{ kind: 'stand-in', text: translated.text }]);
    }
  });

  it('is not taken for a longer text that begins with it', async () => {
    const { service, calls, called } = caching();
    const first = service.translatePartial(partial);
    await called();
    calls[0]?.answer(translated);
    await first;
    const longer = service.translatePartial({ ...partial, text: `${partial.text} And` });
    while (calls.length < 2) await Promise.resolve();
    calls[1]?.answer({ ...translated, text: 'Buenos días. Y' });
    expect(await longer).toMatchObject({ text: 'Buenos días. Y', cached: false });
  });
});

describe('nothing is kept', () => {
  it('I32: that may be no translation', async () => {
    const { service, calls, memory, kept, called } = caching();
    const first = service.translateFinal(request);
    await called();
    calls[0]?.answer({ ...translated, suspect: true });
    expect(await first).toMatchObject({ suspect: true });
    expect([memory.size, kept.size]).toEqual([0, 0]);
  });

  it('of a call that failed', async () => {
    const { service, calls, memory, kept, called } = caching();
    const first = service.translateFinal(request);
    await called();
    calls[0]?.fail(new EngineReplyError('the reply is empty'));
    await expect(first).rejects.toBeInstanceOf(EngineReplyError);
    expect([memory.size, kept.size]).toEqual([0, 0]);
  });

  it('for requests of no tenant, and the call is made where the cache is away', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const { service, calls, memory, called } = caching({ find: away, keep: away });
    const first = service.translatePartial(partial);
    await called();
    calls[0]?.answer(translated);
    expect(await first).toEqual(translated);
    memory.clear();
    void service.translatePartial({ ...partial, tenant: undefined });
    expect(calls).toHaveLength(2);
    expect(memory.size).toBe(0);
  });
});
