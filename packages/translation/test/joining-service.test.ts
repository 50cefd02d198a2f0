import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EngineCancelledError, type Flights, type Joined } from '../src/index.ts';
import { joining } from './joining-fixture.ts';
import { partial, request, translated } from './service-stand-in.ts';

describe('a call', () => {
  it('of a partial that nobody follows ends when it is unwanted', async () => {
    const { service, tick } = joining();
    const unwanted = new AbortController();
    const first = service.translatePartial({ ...partial, unwanted: unwanted.signal });
    await tick();
    unwanted.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
  });

  it('is made where the flights can not be asked', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const { service, calls, tick } = joining({ join: away, land: away, leave: away });
    const final = service.translateFinal(request);
    await tick();
    calls[0]?.answer(translated);
    expect(await final).toBe(translated);
  });

  it('does not take over a result that may be no translation', async () => {
    const { service, calls, tick } = joining();
    const first = service.translateFinal(request);
    await tick();
    const second = service.translateFinal(request);
    await tick();
    expect(calls).toHaveLength(1);
    calls[0]?.answer({ ...translated, suspect: true });
    expect(await first).toMatchObject({ suspect: true });
    await tick();
    await tick();
    calls[1]?.answer(translated);
    expect(await second).toBe(translated);
  });

  it.each([
    [{}, 'final'],
    [{ standIn: true } as const, 'stand-in'],
  ])('leaves its result to others: %j as a %s', async (more, as) => {
    const landed: string[] = [];
    const { service, calls, tick } = joining({ land: (_key, given) => Promise.resolve(void landed.push(given)) });
    const first = service.translateFinal(request);
    await tick();
    calls[0]?.answer({ ...translated, ...more });
    await first;
    expect(landed).toEqual([as]);
  });

  it('ends although the flights do not answer', async () => {
    const never = (): Promise<never> => Promise.withResolvers<never>().promise;
    const { service } = joining({ join: never });
    const stop = new AbortController();
    const final = service.translateFinal({ ...request, signal: stop.signal });
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
  });
});

describe('a flight that is joined without anybody hearing so', () => {
  function leaving(join: Flights['join']) {
    const left: string[] = [];
    const leave: Flights['leave'] = (_key, member) => {
      left.push(member);
      return Promise.resolve('left');
    };
    return { ...joining({ join, leave }), left };
  }

  it('is left where the answer did not come in time', async () => {
    const { service, calls, left, tick } = leaving(() => Promise.reject(new Error('Command timed out')));
    const final = service.translateFinal(request);
    await tick();
    expect(left).toEqual(['0']);
    calls[0]?.answer(translated);
    expect(await final).toBe(translated);
  });

  it.each<[Joined, string[]]>([
    [{ status: 'lead' }, ['0']],
    [{ status: 'follow' }, ['0']],
    [{ status: 'landed', text: 'Buenos días.' }, []],
  ])('is left where its caller was cancelled before %j came', async (joined, expected) => {
    const { promise, resolve } = Promise.withResolvers<Joined>();
    const { service, left } = leaving(() => promise);
    const stop = new AbortController();
    const final = service.translateFinal({ ...request, signal: stop.signal });
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
    expect(left).toEqual([]);
    resolve(joined);
    await turn();
    expect(left).toEqual(expected);
  });
});

describe('a partial that is spoken elsewhere too', () => {
  it('takes the result of the call under way', async () => {
    const { service, calls, saved, tick } = joining();
    const first = service.translatePartial(partial);
    await tick();
    const second = service.translatePartial(partial);
    await tick();
    calls[0]?.answer(translated);
    await tick();
    await tick();
    expect(await first).toEqual(translated);
    expect(await second).toMatchObject({ text: 'Buenos días.', joined: true, attempts: 0 });
    expect(calls).toHaveLength(1);
    expect(saved).toEqual(['joined-elsewhere']);
  });

  it('is left as soon as its own session does not want it any more, and the call goes on', async () => {
    const { service, calls, followers, tick } = joining();
    const first = service.translatePartial(partial);
    await tick();
    const unwanted = new AbortController();
    const second = service.translatePartial({ ...partial, unwanted: unwanted.signal });
    await tick();
    expect(followers.size).toBe(1);
    unwanted.abort();
    await expect(second).rejects.toBeInstanceOf(EngineCancelledError);
    expect(followers.size).toBe(0);
    calls[0]?.answer(translated);
    expect(await first).toEqual(translated);
  });

  it('is a cached one where it needs no flight', async () => {
    const cached = (): Promise<Joined> => Promise.resolve({ status: 'cached', text: 'Buenos días.' });
    const { service, calls, saved } = joining({ join: cached });
    expect(await service.translatePartial(partial)).toMatchObject({ cached: true, joined: false });
    expect(calls).toEqual([]);
    expect(saved).toEqual(['cache']);
  });

  it('has joined a call where it finds its result only after it has followed', async () => {
    const answers: Joined[] = [{ status: 'follow' }, { status: 'cached', text: 'Buenos días.' }];
    const { service, saved, tick } = joining({ join: () => Promise.resolve(answers.shift() ?? { status: 'alone' }) });
    const second = service.translatePartial(partial);
    await tick();
    expect(await second).toMatchObject({ cached: false, joined: true });
    expect(saved).toEqual(['joined-elsewhere']);
  });
});
