import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import {
  EngineCancelledError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type Engine,
} from '@parley/translation';
import { longFinal, requestFor, shown, translateAll } from './engine-under-test.ts';

/** What a service can be made to do, in the words of its adapter. */
export interface EngineFixture {
  readonly engine: Engine;
  /** Whether it says how many tokens a call took. */
  readonly tellsUsage: boolean;
  /** Whether it says how long to wait, where it limits the rate of requests. */
  readonly tellsWait: boolean;
  /** Requests to translate that the service has seen. */
  readonly calls: number;
  /** Answer from now on with this translation. */
  translateAs(translation: string): void;
  /** Refuse from now on, and ask to wait for so many milliseconds, whole seconds. */
  limitRate(waitMs: number): void;
  failWith(fault: 'unavailable' | 'bad-key' | 'garbage' | 'empty-body' | 'cut' | 'pair-unsupported'): void;
  /** Bodies of the requests to translate that the service has seen. */
  readonly bodies: readonly string[];
  /** Never answer; resolves with the next call, whose `aborted` resolves when the engine has given it up. */
  hang(): Promise<{ readonly aborted: Promise<void> }>;
  close(): Promise<void>;
}

const faults = [
  ['unavailable', EngineUnavailableError],
  ['cut', EngineUnavailableError],
  ['bad-key', EngineRejectedError],
  ['garbage', EngineUnavailableError],
  ['empty-body', EngineReplyError],
  ['pair-unsupported', LanguagePairUnsupportedError],
] as const;

/** The suite that every implementation of the engine port passes. */
export function describeEngineContract(
  name: string,
  start: (given: { firstTokenTimeoutMs?: number }) => Promise<EngineFixture>,
): void {
  describe(`engine contract: ${name}`, () => {
    let fixture: EngineFixture;

    beforeEach(async () => {
      fixture = await start({});
      fixture.translateAs('Buenos días a todos.');
    });
    afterEach(() => fixture.close());

    it.each([
      ['a partial', {}],
      ['a long final', longFinal],
    ])('gives the text and the usage of %s', async (_, given) => {
      const { text, usage } = await translateAll(fixture.engine, given);
      expect(text).toBe('Buenos días a todos.');
      const tokens: unknown = expect.objectContaining({
        promptTokens: expect.any(Number),
        completionTokens: expect.any(Number),
      });
      expect(usage).toEqual(fixture.tellsUsage ? tokens : undefined);
    });

    it.each(faults)(
      'answers the fault %s with the error of its cause, and works again afterwards',
      async (fault, type) => {
        fixture.failWith(fault);
        await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(type);
        await expect(translateAll(fixture.engine, longFinal)).rejects.toBeInstanceOf(type);
        fixture.translateAs('Otra vez.');
        expect((await translateAll(fixture.engine)).text).toBe('Otra vez.');
      },
    );

    it('sends what readers see with a partial exactly where it says so, and never with a final', async () => {
      for (const kind of ['partial', 'final'] as const) {
        await translateAll(fixture.engine, { kind, previous: shown });
        const isUsed = kind === 'partial' && fixture.engine.usesPrevious({ source: 'en', target: 'es' });
        const body = fixture.bodies.at(-1) ?? '';
        expect([body.includes('Zebra'), body.includes('cebra')]).toEqual([isUsed, isUsed]);
        expect(body).toContain('morning');
      }
    });

    it('says how long a rate limit asks to wait', async () => {
      fixture.limitRate(2000);
      const error = await translateAll(fixture.engine).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EngineRateLimitedError);
      expect((error as EngineRateLimitedError).retryAfterMs).toBe(fixture.tellsWait ? 2000 : undefined);
    });

    it('gives up a call whose first piece does not come in time, at the service too', async () => {
      await fixture.close();
      fixture = await start({ firstTokenTimeoutMs: 700 });
      const hanging = fixture.hang();
      const error = await translateAll(fixture.engine).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EngineTimeoutError);
      expect((error as EngineTimeoutError).stage).toBe('first-token');
      await (
        await hanging
      ).aborted;
    });

    it('ends a call whose signal is aborted, at the service too', async () => {
      const hanging = fixture.hang();
      const controller = new AbortController();
      const translation = translateAll(fixture.engine, { signal: controller.signal });
      const { aborted } = await hanging;
      controller.abort();
      await expect(translation).rejects.toBeInstanceOf(EngineCancelledError);
      await aborted;
    });

    it('removes its listeners from a signal that outlives the call', async () => {
      const { signal } = new AbortController();
      await translateAll(fixture.engine, { signal });
      fixture.failWith('unavailable');
      await translateAll(fixture.engine, { signal }).catch(() => undefined);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    it('makes no call for a signal that is aborted already', async () => {
      const translation = translateAll(fixture.engine, { signal: AbortSignal.abort() });
      await expect(translation).rejects.toBeInstanceOf(EngineCancelledError);
      expect(fixture.calls).toBe(0);
    });

    it('hears the whole text, and is ended by an abort after any piece of it', async () => {
      expect((await translateAll(fixture.engine, longFinal)).pieces.join('')).toBe('Buenos días a todos.');
      const controller = new AbortController();
      const { signal } = controller;
      await fixture.engine
        .translate(requestFor({ ...longFinal, signal }), () => controller.abort())
        .catch(() => undefined);
      expect((await translateAll(fixture.engine)).text).toBe('Buenos días a todos.');
    });

    it('never includes transcript text in an error', async () => {
      for (const [fault] of faults) {
        fixture.failWith(fault);
        const error: unknown = await translateAll(fixture.engine).catch((thrown: unknown) => thrown);
        expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toMatch(/morning|Buenos/);
      }
    });

    it('can be closed twice', async () => {
      await translateAll(fixture.engine);
      await fixture.engine.close();
      await fixture.engine.close();
    });
  });
}
