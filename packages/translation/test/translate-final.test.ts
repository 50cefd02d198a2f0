import { describe, expect, it } from '@jest/globals';
import { EngineCancelledError, EngineDownError, EngineRateLimitedError } from '../src/index.ts';
import { request, serviceOf, unavailable } from './translation-service-fixture.ts';

describe('translateFinal', () => {
  it('retries until there is a translation', async () => {
    const { service, waits } = serviceOf([unavailable, new EngineRateLimitedError('slow down', 700), ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', engineMs: 20, attempts: 2 });
    expect(waits).toEqual([75, 725]);
  });

  it('says how often it asked in vain, whatever was not asked left out', async () => {
    const { service, calls, waits } = serviceOf([unavailable, new EngineDownError(900), unavailable, ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', attempts: 3 });
    expect(calls.map(({ earlierAttempts }) => earlierAttempts)).toEqual([0, 1, 1, 2]);
    expect(waits).toEqual([75, 950, 150]);
  });

  it('waits for an engine that is down until the deadline, tries it a last time, and then says so', async () => {
    const down = new EngineDownError(4000);
    const { service, calls } = serviceOf([down, down, down, down, ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBe(down);
    expect(calls.map(({ isLastTry }) => isLastTry)).toEqual([false, false, false, true]);
  });

  it('returns the result of the last try', async () => {
    const down = new EngineDownError(20_000);
    const { service, waits } = serviceOf([down, ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.' });
    expect(waits).toEqual([9990]);
  });

  it('goes on until the deadline, and then throws the last error', async () => {
    const { service, calls, waits } = serviceOf(Array.from({ length: 40 }, () => unavailable));
    await expect(service.translateFinal(request)).rejects.toBe(unavailable);
    expect(calls.length).toBeLessThan(20);
    expect(waits.reduce((sum, waitMs) => sum + waitMs, 10 * waits.length)).toBeCloseTo(10_000);
  });

  it('backs off from a second up where the engine limits its rate and does not say for how long', async () => {
    const slowDown = new EngineRateLimitedError('slow down', undefined);
    const { service, waits } = serviceOf([slowDown, slowDown, slowDown, ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', attempts: 1 });
    expect(waits).toEqual([1150, 2300, 4600]);
  });

  it('tells how far the translation has come', async () => {
    const { service } = serviceOf([['Buenos ', 'días', '.']]);
    const progress: string[] = [];
    await service.translateFinal(request, { onProgress: (text) => progress.push(text) });
    expect(progress).toEqual(['Buenos', 'Buenos días', 'Buenos días.']);
  });

  it('can be cancelled while waiting', async () => {
    const reason = new Error('gone');
    const { service, calls } = serviceOf([unavailable], { delay: () => Promise.reject(reason) });
    const error: unknown = await service.translateFinal(request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineCancelledError);
    expect((error as Error).cause).toBe(reason);
    expect(calls).toHaveLength(1);
  });

  it('is cancelled when it becomes unwanted', async () => {
    const unwanted = new AbortController();
    const { service, calls } = serviceOf([['Buenos días.']]);
    await service.translateFinal({ ...request, unwanted: unwanted.signal });
    unwanted.abort();
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('makes no call for an empty text', async () => {
    const { service, calls } = serviceOf([]);
    expect(await service.translateFinal({ ...request, text: ' \n' })).toMatchObject({ text: '', attempts: 0 });
    expect(calls).toHaveLength(0);
  });

  it('does not treat a defect as an engine failure', async () => {
    const { service, calls } = serviceOf([new TypeError('a bug'), ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(1);
  });
});
