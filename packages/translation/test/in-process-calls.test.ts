import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  BudgetSpentError,
  EngineCancelledError,
  EngineReplyError,
  EngineUnavailableError,
  RetryLater,
} from '../src/index.ts';
import { partial, request, thread, translated } from './reuse-fixture.ts';

const down = new EngineUnavailableError('down');

describe('equal requests of one thread', () => {
  it('make one call, which is charged once', async () => {
    const { calls, saved, ...service } = thread();
    const all = [
      ...Array.from({ length: 9 }, () => service.translatePartial(partial)),
      service.translateFinal(request),
    ];
    calls[0]?.answer(translated);
    const [first, ...others] = await Promise.all(all);
    expect(first).toEqual(translated);
    for (const other of others) {
      expect(other).toEqual({ ...translated, attempts: 0, engineMs: 0, joined: true });
    }
    expect(calls).toHaveLength(1);
    expect(saved).toEqual(Array(9).fill('joined-here'));
    void service.translatePartial(partial);
    expect(calls).toHaveLength(2);
  });

  it('make their own calls if they differ or have no tenant', () => {
    const { calls, ...service } = thread();
    for (const tenant of ['one', 'two', undefined, undefined]) void service.translatePartial({ ...partial, tenant });
    expect(calls).toHaveLength(4);
  });

  it('I28: keep the call that its first one does not want any more, and the next one pays for it', async () => {
    const { calls, ...service } = thread();
    const unwanted = new AbortController();
    const first = service.translatePartial({ ...partial, unwanted: unwanted.signal });
    const second = service.translatePartial(partial);
    unwanted.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    expect(calls[0]?.request.unwanted?.aborted).toBe(false);
    calls[0]?.answer(translated);
    expect(await second).toEqual(translated);
  });

  it('release the call when the last one leaves; a later request makes another', async () => {
    const { calls, ...service } = thread();
    const [unwanted, stop] = [new AbortController(), new AbortController()];
    const first = service.translatePartial({ ...partial, unwanted: unwanted.signal });
    const second = service.translateFinal({ ...request, signal: stop.signal });
    stop.abort();
    await expect(second).rejects.toBeInstanceOf(EngineCancelledError);
    expect(calls[0]?.request.signal.aborted).toBe(false);
    unwanted.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    expect(calls[0]?.request.unwanted?.aborted).toBe(true);
    const third = service.translatePartial(partial);
    calls[1]?.answer(translated);
    expect(await third).toEqual(translated);
  });

  it('abort the call at once when the last one is aborted', async () => {
    const { calls, ...service } = thread();
    const stop = new AbortController();
    const first = service.translatePartial({ ...partial, signal: stop.signal });
    stop.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    expect(calls[0]?.request.signal.aborted).toBe(true);
  });
});

describe('where a shared call fails', () => {
  it('partials fail with it, and a final makes its own call', async () => {
    const { calls, ...service } = thread();
    const partials = [service.translatePartial(partial), service.translatePartial(partial)];
    const final = service.translateFinal(request);
    calls[0]?.fail(down);
    for (const each of partials) await expect(each).rejects.toBe(down);
    await turn();
    expect(calls[1]?.request.kind).toBe('final');
    calls[1]?.answer(translated);
    expect(await final).toEqual(translated);
  });

  it('finals that have joined a final fail with it: it was tried as often as they would be', async () => {
    const { calls, ...service } = thread();
    const finals = [service.translateFinal(request), service.translateFinal(request)];
    calls[0]?.fail(down);
    for (const each of finals) await expect(each).rejects.toBe(down);
    expect(calls).toHaveLength(1);
  });

  it('a partial is not shown what looks odd, though the final that it has joined is, with a mark', async () => {
    const { calls, ...service } = thread();
    const [final, follower] = [service.translateFinal(request), service.translatePartial(partial)];
    calls[0]?.answer({ ...translated, suspect: true });
    await expect(follower).rejects.toBeInstanceOf(EngineReplyError);
    expect((await final).suspect).toBe(true);
  });

  it('a spent budget affects its own session only', async () => {
    const { calls, ...service } = thread();
    const spent = new BudgetSpentError('spent');
    const first = service.translateFinal(request);
    const others = [service.translateFinal({ ...request, session: 'another' }), service.translatePartial(partial)];
    calls[0]?.fail(spent);
    await expect(first).rejects.toBe(spent);
    await turn();
    calls[1]?.answer(translated);
    for (const other of await Promise.all(others)) expect(other.text).toBe(translated.text);
    expect(calls).toHaveLength(2);
  });

  it('finals are postponed, each with its own retry state; a partial is dropped', async () => {
    const { calls, ...service } = thread();
    const state = { attempts: 2, badReplies: 1, elapsedMs: 300, engineMs: 200 };
    const first = service.translateFinal(request);
    const [fresh, earlier] = [service.translateFinal(request), service.translateFinal(request, { earlier: state })];
    const follower = service.translatePartial(partial);
    const postponed = new RetryLater(2000, { ...state, attempts: 3 }, 'backoff', { cause: down });
    calls[0]?.fail(postponed);
    await expect(first).rejects.toMatchObject({ delayMs: 2000, state: { attempts: 3 } });
    await expect(fresh).rejects.toMatchObject({ delayMs: 2000, state: { attempts: 0 } });
    await expect(earlier).rejects.toMatchObject({ delayMs: 2000, state });
    await expect(follower).rejects.toBe(down);
  });
});
