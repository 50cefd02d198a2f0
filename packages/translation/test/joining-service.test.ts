import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createJoiningService,
  EngineCancelledError,
  EngineUnavailableError,
  flightKey,
  type Flights,
  type JobRequest,
  type Joined,
  type TranslationResult,
} from '../src/index.ts';

const request: JobRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  scope: 'session',
  signal: new AbortController().signal,
};
const partial: JobRequest = { ...request, kind: 'partial' };
const translated: TranslationResult = {
  text: 'Buenos días.',
  usage: undefined,
  engineMs: 10,
  attempts: 1,
  cached: false,
  joined: false,
};

/** Flights in this process's memory; members live for ever. */
function memoryFlights() {
  const leaders = new Map<string, string>();
  const followers = new Set<string>();
  const landed = new Map<string, string>();
  const flights: Flights = {
    renewEveryMs: 500,
    join: (key, member, { mayFollow }): Promise<Joined> => {
      const text = landed.get(key);
      if (text !== undefined) {
        return Promise.resolve(mayFollow ? { status: 'landed', result: { text } } : { status: 'alone' });
      }
      const leader = leaders.get(key) ?? member;
      leaders.set(key, leader);
      if (leader !== member && mayFollow) followers.add(member);
      else followers.delete(member);
      return Promise.resolve({ status: leader === member ? 'lead' : mayFollow ? 'follow' : 'alone' });
    },
    land: (key, { text }) => {
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

interface Call {
  readonly request: JobRequest;
  readonly answer: (result: TranslationResult) => void;
  readonly fail: (error: Error) => void;
}

/** The service over one whose calls the test answers; time stands until `tick` lets every wait end. */
function joining(changed: Partial<Flights> = {}) {
  const calls: Call[] = [];
  const waits = new Set<() => void>();
  const call = (given: JobRequest): Promise<TranslationResult> => {
    const { promise, resolve, reject } = Promise.withResolvers<TranslationResult>();
    calls.push({ request: given, answer: resolve, fail: reject });
    for (const signal of [given.signal, given.unwanted]) {
      signal?.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')));
    }
    return promise;
  };
  const { flights, followers } = memoryFlights();
  let members = 0;
  const service = createJoiningService(
    { translatePartial: call, translateFinal: call },
    {
      flights: { ...flights, ...changed },
      identity: () => 'engine model',
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
    },
  );
  const tick = async (): Promise<void> => {
    await turn();
    const ended = [...waits];
    waits.clear();
    for (const end of ended) end();
    await turn();
  };
  return { service, calls, followers, tick };
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

  it('ends although the flights do not answer', async () => {
    const never = (): Promise<never> => Promise.withResolvers<never>().promise;
    const { service } = joining({ join: never });
    const stop = new AbortController();
    const final = service.translateFinal({ ...request, signal: stop.signal });
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
  });

  it.each<[string, Partial<JobRequest>]>([
    ['session', { scope: 'another' }],
    ['target', { target: 'pt' }],
    ['target that begins alike', { target: 'es-MX' }],
    ['source', { source: 'fr' }],
    ['text behind its first three hundred characters', { text: `${'word '.repeat(60)}one` }],
    ['context', { context: 'a hospital' }],
    ['formality', { formality: 'formal' }],
    ['glossary', { glossary: [{ source: 'ward', target: 'planta' }] }],
  ])('is not shared with one of another %s', (_, changed) => {
    const long = { ...request, text: changed.text === undefined ? request.text : `${'word '.repeat(60)}two` };
    expect(flightKey({ ...long, ...changed }, 'e')).not.toBe(flightKey(long, 'e'));
    expect(flightKey(long, 'e')).not.toBe(flightKey(long, 'other model'));
  });

  it('is shared whatever the white space and the kind, and never without a scope', () => {
    expect(flightKey({ ...partial, text: ' Good\nmorning. ', glossary: [] }, 'e')).toBe(flightKey(request, 'e'));
    expect(flightKey({ ...request, scope: undefined }, 'e')).toBeUndefined();
  });
});
