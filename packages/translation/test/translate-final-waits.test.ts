import { describe, expect, it } from '@jest/globals';
import { EngineRateLimitedError, RateLimitReachedError, RetryLater } from '../src/index.ts';
import { request, serviceOf, unavailable } from './translation-service-fixture.ts';

describe('translateFinal', () => {
  it('is put off where it would wait long, and goes on where it was', async () => {
    const slowDown = new EngineRateLimitedError('slow down', 700);
    const { service, calls, waits } = serviceOf([[''], slowDown, unavailable, ['Buenos días.']], {}, 250);
    const postponed: unknown = await service.translateFinal(request).catch((thrown: unknown) => thrown);
    expect(postponed).toBeInstanceOf(RetryLater);
    const { delayMs, state, cause } = postponed as RetryLater;
    expect({ delayMs, state, cause }).toEqual({
      delayMs: 725,
      state: {
        attempts: 1,
        badReplies: 1,
        elapsedMs: 20,
        engineMs: 10,
        rateLimitWaits: { waitMs: 0, refusals: 1 },
      },
      cause: slowDown,
    });
    expect(waits).toEqual([0]);
    const earlier = { ...state, rateLimitWaits: { waitMs: 750, refusals: 1 } };
    const { text } = await service.translateFinal(request, { earlier });
    expect(text).toBe('Buenos días.');
    expect(calls.map(({ strict }) => strict)).toEqual([false, true, true, true]);
  });

  it('fails at its deadline, even if it was postponed repeatedly', async () => {
    const { service } = serviceOf([unavailable], {}, 250);
    const earlier = { attempts: 1, badReplies: 0, elapsedMs: 10_000, engineMs: 1 };
    await expect(service.translateFinal(request, { earlier })).rejects.toBe(unavailable);
  });

  it('waits its turn where there is no room, however often, and that is no attempt', async () => {
    const noRoom = new RateLimitReachedError(200);
    const { service, waits } = serviceOf([noRoom, noRoom, noRoom, noRoom, unavailable, noRoom, ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ text: 'Buenos días.', attempts: 2, engineMs: 20 });
    expect(waits).toEqual([225, 250, 300, 400, 75, 225]);
  });

  it('is put off where its turn is far away, and given up when it has waited for too long in all', async () => {
    const noRoom = new RateLimitReachedError(20_000);
    const { service } = serviceOf([noRoom, noRoom], {}, 250);
    const postponed: unknown = await service.translateFinal(request).catch((thrown: unknown) => thrown);
    expect(postponed).toMatchObject({
      waitsFor: 'rate-limit',
      delayMs: 20_025,
      state: { attempts: 0, elapsedMs: 10, rateLimitWaits: { waitMs: 0, refusals: 1 } },
    });
    const { state } = postponed as RetryLater;
    const earlier = { ...state, rateLimitWaits: { waitMs: 40_000, refusals: 1 } };
    await expect(service.translateFinal(request, { earlier })).rejects.toBe(noRoom);
  });

  it('I13: waits without limit while others have their shares', async () => {
    const earlier = { attempts: 0, badReplies: 0, elapsedMs: 10, engineMs: 0 };
    const waited = { ...earlier, rateLimitWaits: { waitMs: 40_000, refusals: 1 } };
    const paced = new RateLimitReachedError(20_000, { isPaced: true });
    const { service } = serviceOf([paced], {}, 250);
    await expect(service.translateFinal(request, { earlier: waited })).rejects.toBeInstanceOf(RetryLater);
  });

  it('does not count the wait for its turn as time since its first call', async () => {
    const steps = [new RateLimitReachedError(50_000), unavailable, ['Buenos días.']];
    expect(await serviceOf(steps).service.translateFinal(request)).toMatchObject({ attempts: 2 });
  });
});
