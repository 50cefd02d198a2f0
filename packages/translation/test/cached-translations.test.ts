import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EngineReplyError, type RememberedTranslation, type SharedTranslations } from '../src/index.ts';
import { partial, request, sharedInMemory, thread, translated } from './reuse-fixture.ts';

/** A thread with its memory in front of the cache that it shares with others. */
function caching(changed: Partial<SharedTranslations> = {}) {
  const { shared, completed, commands } = sharedInMemory({ cached: true });
  const memory = new Map<string, RememberedTranslation>();
  const all = { ...shared, ...changed };
  /** Another thread, which has nothing in its memory. */
  const another = () => thread(all, { memory: new Map() });
  return { ...thread(all, { memory }), memory, completed, commands, another };
}

describe('a translation that was made before', () => {
  it('comes out of the memory of the thread, or out of the cache, without a call', async () => {
    const { calls, saved, another, ...service } = caching();
    const first = service.translatePartial(partial);
    await turn();
    calls[0]?.answer(translated);
    expect(await first).toEqual(translated);
    const cached = { text: translated.text, cached: true, joined: false, attempts: 0 };
    expect(await service.translatePartial(partial)).toMatchObject(cached);
    const other = another();
    expect(await other.translatePartial(partial)).toMatchObject(cached);
    expect([saved, other.saved]).toEqual([['memory'], ['cache']]);
    expect([calls.length, other.calls.length]).toEqual([1, 0]);
  });

  it('is a final from the first final on that finds it, here or elsewhere', async () => {
    for (const isElsewhere of [false, true]) {
      const { calls, completed, commands, another, ...service } = caching();
      const first = service.translatePartial(partial);
      await turn();
      calls[0]?.answer(translated);
      await first;
      expect([...completed.values()]).toMatchObject([{ ttlClass: 'partial' }]);
      const finder = isElsewhere ? another() : service;
      expect(await finder.translateFinal(request)).toMatchObject({ cached: true });
      expect([...completed.values()]).toMatchObject([{ ttlClass: 'final' }]);
      const { length } = commands;
      await finder.translateFinal(request);
      await finder.translatePartial(partial);
      expect(commands).toHaveLength(length);
    }
  });

  it('is a final where a final has joined the call of a partial', async () => {
    const { calls, completed, ...service } = caching();
    const [first, final] = [service.translatePartial(partial), service.translateFinal(request)];
    await turn();
    calls[0]?.answer(translated);
    await Promise.all([first, final]);
    expect([...completed.values()]).toMatchObject([{ ttlClass: 'final' }]);
  });

  it('by another endpoint than the first stays a fallback, whoever finds it', async () => {
    for (const kind of ['partial', 'final'] as const) {
      const { calls, completed, another, ...service } = caching();
      const first = kind === 'final' ? service.translateFinal(request) : service.translatePartial(partial);
      await turn();
      calls[0]?.answer({ ...translated, isFallbackResult: true });
      await first;
      const other = another();
      await other.translatePartial(partial);
      for (const thread of [service, other]) {
        expect(await thread.translateFinal(request)).toMatchObject({ cached: true });
      }
      expect([...completed.values()]).toEqual([{ ttlClass: 'fallback', text: translated.text }]);
    }
  });

  it('is not taken for a longer text that begins with it', async () => {
    const { calls, ...service } = caching();
    const first = service.translatePartial(partial);
    await turn();
    calls[0]?.answer(translated);
    await first;
    const longer = service.translatePartial({ ...partial, text: `${partial.text} And` });
    await turn();
    calls[1]?.answer({ ...translated, text: 'Buenos días. Y' });
    expect(await longer).toMatchObject({ text: 'Buenos días. Y', cached: false });
  });

  it('is the result of a joined call where nothing is cached', async () => {
    const { shared } = sharedInMemory();
    const memory = new Map<string, RememberedTranslation>();
    const { calls, saved, ...service } = thread(shared, { memory, cache: false });
    const first = service.translatePartial(partial);
    await turn();
    calls[0]?.answer(translated);
    await first;
    const joined = { text: translated.text, cached: false, joined: true };
    expect(await service.translateFinal(request)).toMatchObject(joined);
    expect(saved).toEqual(['joined-here']);
  });
});

describe('equal requests that come while a call is under way', () => {
  it('make their own calls without singleflight', async () => {
    const { shared } = sharedInMemory({ cached: true });
    const { calls, ...service } = thread(
      { ...shared, join: () => Promise.resolve({ status: 'unshared' }) },
      { memory: new Map(), singleflight: false },
    );
    const both = [service.translatePartial(partial), service.translateFinal(request)];
    await turn();
    expect(calls).toHaveLength(2);
    for (const call of calls) call.answer(translated);
    await Promise.all(both);
    expect(await service.translateFinal(request)).toMatchObject({ cached: true });
  });
});

describe('nothing is cached', () => {
  it('I32: that may be no translation', async () => {
    const { calls, memory, completed, ...service } = caching();
    const first = service.translateFinal(request);
    await turn();
    calls[0]?.answer({ ...translated, suspect: true });
    expect(await first).toMatchObject({ suspect: true });
    expect([memory.size, completed.size]).toEqual([0, 0]);
  });

  it('of a call that failed', async () => {
    const { calls, memory, completed, ...service } = caching();
    const first = service.translateFinal(request);
    await turn();
    calls[0]?.fail(new EngineReplyError('the reply is empty'));
    await expect(first).rejects.toBeInstanceOf(EngineReplyError);
    expect([memory.size, completed.size]).toEqual([0, 0]);
  });

  it('for requests of no tenant, and the call is made where the cache is away', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const { calls, memory, ...service } = caching({ join: away, complete: away, release: away });
    const first = service.translatePartial(partial);
    await turn();
    calls[0]?.answer(translated);
    expect(await first).toEqual(translated);
    memory.clear();
    void service.translatePartial({ ...partial, tenant: undefined });
    expect(calls).toHaveLength(2);
    expect(memory.size).toBe(0);
  });
});
