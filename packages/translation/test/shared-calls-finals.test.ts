import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EngineCancelledError, EngineUnavailableError } from '../src/index.ts';
import { partial, request, sharedInMemory, thread, translated } from './reuse-fixture.ts';

/** One thread has the partial, the other one the final. */
function twoThreads() {
  const { shared, followers } = sharedInMemory();
  return { one: thread(shared), other: thread(shared), followers };
}

describe('a final with the text of a partial of another thread', () => {
  it('takes over the result of the call under way, and one that comes soon after too', async () => {
    const { one, other } = twoThreads();
    const first = one.translatePartial({ ...partial, text: ' Good  morning. ' });
    const final = other.translateFinal(request);
    await turn();
    one.calls[0]?.answer(translated);
    expect(await first).toEqual(translated);
    await other.tick();
    expect(await final).toMatchObject({ text: 'Buenos días.', joined: true, attempts: 0 });
    expect(await other.translateFinal(request)).toMatchObject({ joined: true });
    expect(other.calls).toEqual([]);
  });

  it('makes the call itself when that of the partial fails', async () => {
    const { one, other } = twoThreads();
    const first = one.translatePartial(partial);
    const final = other.translateFinal(request);
    await turn();
    one.calls[0]?.fail(new EngineUnavailableError('down'));
    await expect(first).rejects.toBeInstanceOf(EngineUnavailableError);
    await other.tick();
    other.calls[0]?.answer(translated);
    expect(await final).toMatchObject({ joined: false });
  });

  it('I28: keeps a call going that its partial does not want any more', async () => {
    const { one, other } = twoThreads();
    const unwanted = new AbortController();
    const first = one.translatePartial({ ...partial, unwanted: unwanted.signal });
    const final = other.translateFinal(request);
    await turn();
    unwanted.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    await one.tick();
    one.calls[0]?.answer(translated);
    await turn();
    await other.tick();
    expect(await final).toMatchObject({ joined: true });
  });

  it('lets it end once it does not wait for it any more', async () => {
    const { one, other, followers } = twoThreads();
    const [unwanted, stop] = [new AbortController(), new AbortController()];
    const first = one.translatePartial({ ...partial, unwanted: unwanted.signal });
    const final = other.translateFinal({ ...request, signal: stop.signal });
    await turn();
    unwanted.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    await turn();
    expect(one.calls[0]?.request.unwanted?.aborted).toBe(false);
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
    expect(followers.size).toBe(0);
    await one.tick();
    expect(one.calls[0]?.request.unwanted?.aborted).toBe(true);
  });

  it('leads when the worker of the partial stops', async () => {
    const { one, other } = twoThreads();
    const stop = new AbortController();
    const first = one.translatePartial({ ...partial, signal: stop.signal });
    const final = other.translateFinal(request);
    await turn();
    stop.abort();
    await expect(first).rejects.toBeInstanceOf(EngineCancelledError);
    await turn();
    await other.tick();
    other.calls[0]?.answer(translated);
    expect(await final).toMatchObject({ joined: false });
  });
});
