import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createJoiningService,
  EngineCancelledError,
  EngineUnavailableError,
  translationKeys,
  type Flights,
  type Joined,
  type SavedBy,
} from '../src/index.ts';
import { answeredByTest, partial, request, translated } from './service-stand-in.ts';

/** Flights in this process's memory; members live for ever. */
function memoryFlights() {
  const leaders = new Map<string, string>();
  const followers = new Set<string>();
  const landed = new Map<string, string>();
  const flights: Flights = {
    renewEveryMs: 500,
    join: (key, { member, mayFollow }): Promise<Joined> => {
      const text = landed.get(key);
      if (text !== undefined) {
        return Promise.resolve(mayFollow ? { status: 'landed', text } : { status: 'alone' });
      }
      const leader = leaders.get(key) ?? member;
      leaders.set(key, leader);
      if (leader !== member && mayFollow) followers.add(member);
      else followers.delete(member);
      return Promise.resolve({ status: leader === member ? 'lead' : mayFollow ? 'follow' : 'alone' });
    },
    land: (key, _kind, text) => {
      landed.set(key, text);
      leaders.delete(key);
      return Promise.resolve();
    },
    leave: (key, member, how) => {
      followers.delete(member);
      if (leaders.get(key) !== member) return Promise.resolve('left');
      if (how === 'unless-followed' && followers.size > 0) return Promise.resolve('followed');
      leaders.delete(key);
      return Promise.resolve('left');
    },
  };
  return { flights, followers };
}

/** The service over one whose calls the test answers; time stands until `tick` lets every wait end. */
function joining(changed: Partial<Flights> = {}) {
  const { service: asked, calls } = answeredByTest();
  const waits = new Set<() => void>();
  const { flights, followers } = memoryFlights();
  let members = 0;
  const saved: SavedBy[] = [];
  const service = createJoiningService(asked, {
    flights: { ...flights, ...changed },
    keyOf: translationKeys({ identity: () => 'engine model', shared: false }),
    onSaved: (_request, by) => saved.push(by),
    random: () => 0,
    newMember: () => String(members++),
    clock: {
      now: () => 0,
      delay: (_delayMs, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) reject(new Error('stopped'));
          waits.add(resolve);
          signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
        }),
    },
  });
  const tick = async (): Promise<void> => {
    await turn();
    const ended = [...waits];
    waits.clear();
    for (const end of ended) end();
    await turn();
  };
  return { service, calls, followers, saved, tick };
}

describe('a final with the text of a partial', () => {
  it('takes over the result of the call under way, and one that comes soon after too', async () => {
    const { service, calls, tick } = joining();
    const first = service.translatePartial({ ...partial, text: ' Good  morning. ' });
    await tick();
    const final = service.translateFinal(request);
    await tick();
    calls[0]?.answer(translated);
    await tick();
    await tick();
    expect(await first).toEqual(translated);
    expect(await final).toMatchObject({ text: 'Buenos días.', joined: true, attempts: 0, usage: undefined });
    expect(await service.translateFinal(request)).toMatchObject({ joined: true });
    expect(calls).toHaveLength(1);
  });

  it('makes the call itself when that of the partial fails', async () => {
    const { service, calls, tick } = joining();
    const first = service.translatePartial(partial);
    await tick();
    const final = service.translateFinal(request);
    await tick();
    calls[0]?.fail(new EngineUnavailableError('down'));
    await expect(first).rejects.toBeInstanceOf(EngineUnavailableError);
    await tick();
    calls[1]?.answer(translated);
    expect(await final).toMatchObject({ joined: false });
  });

  it('keeps a call going that its partial does not want any more', async () => {
    const { service, calls, tick } = joining();
    const unwanted = new AbortController();
    const first = service.translatePartial({ ...partial, unwanted: unwanted.signal });
    await tick();
    const final = service.translateFinal(request);
    await tick();
    unwanted.abort();
    await tick();
    calls[0]?.answer(translated);
    await first;
    await tick();
    expect(await final).toMatchObject({ joined: true });
  });

  it('lets it end once it does not wait for it any more', async () => {
    const { service, calls, tick, followers } = joining();
    const [unwanted, stop] = [new AbortController(), new AbortController()];
    const first = service.translatePartial({ ...partial, unwanted: unwanted.signal });
    await tick();
    const final = service.translateFinal({ ...request, signal: stop.signal });
    await turn();
    unwanted.abort();
    await turn();
    expect(calls[0]?.request.unwanted?.aborted).toBe(false);
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
    expect(followers.size).toBe(0);
    const ended = expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    await tick();
    await ended;
  });

  it('leads when the worker of the partial stops', async () => {
    const { service, calls, tick } = joining();
    const stop = new AbortController();
    const first = service.translatePartial({ ...partial, signal: stop.signal });
    await tick();
    const final = service.translateFinal(request);
    await tick();
    stop.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    await tick();
    calls[1]?.answer(translated);
    expect(await final).toMatchObject({ joined: false });
  });
});

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
    expect(await service.translatePartial(partial)).toMatchObject({ cached: true, joined: false, usage: undefined });
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
