import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EngineCancelledError, EngineUnavailableError } from '../src/index.ts';
import { joining } from './joining-fixture.ts';
import { partial, request, translated } from './service-stand-in.ts';

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
    expect(await final).toMatchObject({ text: 'Buenos días.', joined: true, attempts: 0 });
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
