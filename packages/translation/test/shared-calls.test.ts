import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EngineCancelledError, type Joined, type SharedTranslations } from '../src/index.ts';
import { partial, request, sharedInMemory, thread, translated } from './reuse-fixture.ts';

/** Two threads over what they share, some of which answers otherwise. */
function twoThreads(changed: Partial<SharedTranslations> = {}) {
  const { shared, ...seen } = sharedInMemory();
  const all = { ...shared, ...changed };
  return { first: thread(all), second: thread(all), ...seen };
}

describe('a call', () => {
  it('of a partial that nobody follows ends when it is unwanted', async () => {
    const { first } = twoThreads();
    const unwanted = new AbortController();
    const asked = first.translatePartial({ ...partial, unwanted: unwanted.signal });
    await first.tick();
    unwanted.abort();
    await expect(asked).rejects.toBeInstanceOf(EngineCancelledError);
    await turn();
    expect(first.calls[0]?.request.unwanted?.aborted).toBe(true);
  });

  it('is made if Redis is unavailable', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const { first } = twoThreads({ join: away, complete: away, release: away });
    const final = first.translateFinal(request);
    await first.tick();
    first.calls[0]?.answer(translated);
    expect(await final).toBe(translated);
  });

  it('I32: does not take over a result that may be no translation', async () => {
    const { first, second, completed } = twoThreads();
    const [one, other] = [first.translateFinal(request), second.translateFinal(request)];
    await turn();
    expect([first.calls.length, second.calls.length]).toEqual([1, 0]);
    first.calls[0]?.answer({ ...translated, suspect: true });
    expect(await one).toMatchObject({ suspect: true });
    await second.tick();
    expect(completed.size).toBe(0);
    second.calls[0]?.answer(translated);
    expect(await other).toBe(translated);
  });

  it.each([
    [{}, 'final'],
    [{ isFallbackResult: true } as const, 'fallback'],
  ])('leaves its result to others: %j as a %s', async (more, ttlClass) => {
    const { first, commands } = twoThreads();
    const asked = first.translateFinal(request);
    await first.tick();
    first.calls[0]?.answer({ ...translated, ...more });
    await asked;
    expect(commands.at(-1)).toEqual(`complete ${ttlClass}`);
  });

  it('ends even if Redis does not reply', async () => {
    const never = (): Promise<never> => Promise.withResolvers<never>().promise;
    const { first } = twoThreads({ join: never });
    const stop = new AbortController();
    const final = first.translateFinal({ ...request, signal: stop.signal });
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
  });
});

describe('a call that is joined without anybody hearing so', () => {
  function releasing(join: SharedTranslations['join']) {
    const released: string[] = [];
    const release: SharedTranslations['release'] = (_key, member) => {
      released.push(member);
      return Promise.resolve('released');
    };
    return { ...twoThreads({ join, release }), released };
  }

  it('is released where the answer did not come in time', async () => {
    const { first, released } = releasing(() => Promise.reject(new Error('Command timed out')));
    const final = first.translateFinal(request);
    await first.tick();
    expect(released).toHaveLength(1);
    first.calls[0]?.answer(translated);
    expect(await final).toBe(translated);
  });

  it.each<[Joined, number]>([
    [{ status: 'lead' }, 1],
    [{ status: 'follow' }, 1],
    [{ status: 'completed', text: 'Buenos días.' }, 0],
  ])('is released where its caller was cancelled before %j came', async (joined, count) => {
    const { promise, resolve } = Promise.withResolvers<Joined>();
    const { first, released } = releasing(() => promise);
    const stop = new AbortController();
    const final = first.translateFinal({ ...request, signal: stop.signal });
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
    expect(released).toEqual([]);
    resolve(joined);
    await turn();
    expect(released).toHaveLength(count);
  });
});

describe('a partial that is spoken elsewhere too', () => {
  it('takes the result of the call under way', async () => {
    const { first, second } = twoThreads();
    const [one, other] = [first.translatePartial(partial), second.translatePartial(partial)];
    await turn();
    first.calls[0]?.answer(translated);
    expect(await one).toEqual(translated);
    await second.tick();
    expect(await other).toMatchObject({ text: 'Buenos días.', joined: true, attempts: 0 });
    expect(second.calls).toEqual([]);
    expect(second.saved).toEqual(['joined-elsewhere']);
  });

  it('is left as soon as its own session does not want it any more, and the call goes on', async () => {
    const { first, second, followers } = twoThreads();
    const unwanted = new AbortController();
    const one = first.translatePartial(partial);
    const other = second.translatePartial({ ...partial, unwanted: unwanted.signal });
    await turn();
    expect(followers.size).toBe(1);
    unwanted.abort();
    await expect(other).rejects.toBeInstanceOf(EngineCancelledError);
    expect(followers.size).toBe(0);
    first.calls[0]?.answer(translated);
    expect(await one).toEqual(translated);
  });

  it('is a cached one where it needs no call', async () => {
    const { first } = twoThreads({
      join: () => Promise.resolve({ status: 'cached', text: 'Buenos días.', ttlClass: 'final' }),
    });
    expect(await first.translatePartial(partial)).toMatchObject({ cached: true, joined: false });
    expect(first.calls).toEqual([]);
    expect(first.saved).toEqual(['cache']);
  });

  it('has joined a call where it finds its result only after it has followed', async () => {
    const answers: Joined[] = [{ status: 'follow' }, { status: 'cached', text: 'Buenos días.', ttlClass: 'partial' }];
    const { first } = twoThreads({ join: () => Promise.resolve(answers.shift() ?? { status: 'unshared' }) });
    const asked = first.translatePartial(partial);
    await first.tick();
    expect(await asked).toMatchObject({ cached: false, joined: true });
    expect(first.saved).toEqual(['joined-elsewhere']);
  });
});
