import { describe, expect, it } from '@jest/globals';
import {
  EngineCancelledError,
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  RateLimitReachedError,
  systemClock,
} from '@parley/translation';
import { requestFor, translateAll } from './engine-under-test.ts';
import { circuit } from './endpoint-fixture.ts';
import { startFailover } from './failover-fixture.ts';

const final = { kind: 'final' } as const;
const down = new EngineUnavailableError('down');
const pair = new LanguagePairUnsupportedError('not these');
const refused = new EngineRejectedError('bad key');

describe('the engine over two endpoints', () => {
  it('uses the second endpoint while the first is down, and the first again after its recovery', async () => {
    const { engine, one, two, heard } = startFailover();
    one.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 4; call++) await translateAll(engine).catch(() => undefined);
    expect((await translateAll(engine)).text).toBe('two');
    expect(one.calls).toHaveLength(4);
    one.reply = ['one'];
    await new Promise((resolve) => setTimeout(resolve, circuit.firstPauseMs));
    expect((await translateAll(engine)).text).toBe('one');
    expect((await translateAll(engine)).text).toBe('one');
    expect(two.calls).toHaveLength(1);
    expect(heard.filter((line) => !line.includes('unavailable'))).toEqual([
      'one is open',
      'one passed over: circuit-open',
      'two translated',
      'partial failed over',
      'one is half-open',
      'one translated',
      'one is closed',
      'one translated',
    ]);
  });

  it('makes as many calls at once as the endpoint that partials go to', async () => {
    const { engine, one, two } = startFailover();
    expect(engine.callCapacity?.().calls).toBe(Infinity);
    one.callCapacity = () => ({ calls: 96, lingering: 0 });
    two.callCapacity = () => ({ calls: 8, lingering: 0 });
    expect(engine.callCapacity?.().calls).toBe(96);
    one.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 4; call++) await translateAll(engine).catch(() => undefined);
    expect(engine.callCapacity?.().calls).toBe(8);
    two.reply = one.reply;
    for (let call = 0; call < 4; call++) await translateAll(engine).catch(() => undefined);
    expect(engine.callCapacity?.().calls).toBe(96);
  });

  it('counts an error once, regardless of how many texts shared the call', async () => {
    const { engine, one, heard } = startFailover();
    one.reply = down;
    for (let call = 0; call < 8; call++) await translateAll(engine).catch(() => undefined);
    expect(heard).not.toContain('one is open');
  });

  it('throws EngineDownError with a delay once every circuit is open', async () => {
    const { engine, one, two } = startFailover();
    one.reply = two.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 8; call++) await translateAll(engine).catch(() => undefined);
    const error: unknown = await translateAll(engine, final).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineDownError);
    expect((error as EngineDownError).retryAfterMs).toBeGreaterThan(0);
    expect((error as EngineDownError).retryAfterMs).toBeLessThanOrEqual(circuit.maxPauseMs);
    expect([one, two].map(({ calls }) => calls.length)).toEqual([4, 4]);
  });

  it('does not count a defect as a failure', async () => {
    const { engine, one, two, heard } = startFailover();
    one.reply = () => new TypeError('a bug');
    for (let call = 0; call < 20; call++) await expect(translateAll(engine, final)).rejects.toThrow('a bug');
    expect(heard).not.toContain('one is open');
    expect(two.calls).toEqual([]);
  });

  it.each([
    ['a refusal', refused],
    ['an unknown pair', pair],
    ['a rate limit', new EngineRateLimitedError('slow down', 1)],
    ['a call that was not made', new RateLimitReachedError(1)],
  ])('does not count %s as a failure', async (_, error) => {
    const { engine, one, heard } = startFailover();
    one.reply = error;
    for (let call = 0; call < 20; call++) await translateAll(engine, final);
    expect(heard).not.toContain('one is open');
  });

  it('does not count an aborted call as a failure', async () => {
    const { engine, one, heard } = startFailover();
    one.reply = ['Buenos ', new EngineCancelledError('not wanted')];
    for (let call = 0; call < 20; call++) {
      await expect(engine.translate(requestFor())).rejects.toBeInstanceOf(EngineCancelledError);
    }
    expect(new Set(heard)).toEqual(new Set(['one cancelled']));
  });

  it('pauses an endpoint for the time that it requests, and uses the other meanwhile', async () => {
    let nowMs = 0;
    const { engine, one, two, heard } = startFailover({}, { ...systemClock, now: () => nowMs });
    one.reply = new EngineUnavailableError('busy', { retryAfterMs: 3000 });
    await expect(translateAll(engine, final)).rejects.toBe(one.reply);
    expect((await translateAll(engine, final)).text).toBe('two');
    expect(heard).toContain('one passed over: away');
    two.reply = new EngineUnavailableError('busy', { retryAfterMs: 3_600_000 });
    await expect(translateAll(engine, final)).rejects.toBe(two.reply);
    await expect(translateAll(engine, final)).rejects.toMatchObject({ name: 'EngineDownError', retryAfterMs: 3000 });
    one.reply = ['one'];
    nowMs = 3000;
    expect((await translateAll(engine, final)).text).toBe('one');
    // Nobody is left alone for an hour.
    one.reply = new EngineRejectedError('bad key');
    two.reply = ['two'];
    nowMs = 10_000;
    expect((await translateAll(engine, final)).text).toBe('two');
  });

  it('uses all endpoints for a last try, even with open circuits', async () => {
    const { engine, one, two } = startFailover();
    one.reply = two.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 8; call++) await translateAll(engine).catch(() => undefined);
    two.reply = ['two'];
    await expect(translateAll(engine, final)).rejects.toBeInstanceOf(EngineDownError);
    expect((await translateAll(engine, { ...final, isLastTry: true })).text).toBe('two');
    expect([one, two].map(({ calls }) => calls.length)).toEqual([5, 5]);
  });

  it('stays closed when a single text fails repeatedly', async () => {
    const { engine, one, two, heard } = startFailover({ two: 'partial' });
    one.reply = () => new EngineUnavailableError('down');
    two.reply = one.reply;
    for (let earlierAttempts = 5; earlierAttempts < 20; earlierAttempts++) {
      await expect(translateAll(engine, { ...final, earlierAttempts })).rejects.toBeInstanceOf(EngineUnavailableError);
    }
    expect(heard).not.toContain('one is open');
  });
});
