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
  it('asks the second while the first is broken, and the first again when it is well', async () => {
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

  it('counts one error once, however many texts shared the call that ended with it', async () => {
    const { engine, one, heard } = startFailover();
    one.reply = down;
    for (let call = 0; call < 8; call++) await translateAll(engine).catch(() => undefined);
    expect(heard).not.toContain('one is open');
  });

  it('says that all is down, and for how long, once every circuit is open', async () => {
    const { engine, one, two } = startFailover();
    one.reply = two.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 8; call++) await translateAll(engine).catch(() => undefined);
    const error: unknown = await translateAll(engine, final).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineDownError);
    expect((error as EngineDownError).retryAfterMs).toBeGreaterThan(0);
    expect((error as EngineDownError).retryAfterMs).toBeLessThanOrEqual(circuit.maxPauseMs);
    expect([one, two].map(({ calls }) => calls.length)).toEqual([4, 4]);
  });

  it('takes a defect for no failure', async () => {
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
  ])('does not take %s for a failure', async (_, error) => {
    const { engine, one, heard } = startFailover();
    one.reply = error;
    for (let call = 0; call < 20; call++) await translateAll(engine, final);
    expect(heard).not.toContain('one is open');
  });

  it('does not take a call that is aborted for a failure', async () => {
    const { engine, one, heard } = startFailover();
    one.reply = ['Buenos ', new EngineCancelledError('not wanted')];
    for (let call = 0; call < 20; call++) {
      await expect(engine.translate(requestFor())).rejects.toBeInstanceOf(EngineCancelledError);
    }
    expect(new Set(heard)).toEqual(new Set(['one cancelled']));
  });

  it('leaves one alone that says when it will be back, and asks the other meanwhile', async () => {
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

  it('asks them all for a last try, whatever their circuits say', async () => {
    const { engine, one, two } = startFailover();
    one.reply = two.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 8; call++) await translateAll(engine).catch(() => undefined);
    two.reply = ['two'];
    await expect(translateAll(engine, final)).rejects.toBeInstanceOf(EngineDownError);
    expect((await translateAll(engine, { ...final, isLastTry: true })).text).toBe('two');
    expect([one, two].map(({ calls }) => calls.length)).toEqual([5, 5]);
  });

  it('does not take a text for a failure that it can not bear, however often it is tried', async () => {
    const { engine, one, two, heard } = startFailover({ two: 'partial' });
    one.reply = () => new EngineUnavailableError('down');
    two.reply = one.reply;
    for (let earlierAttempts = 5; earlierAttempts < 20; earlierAttempts++) {
      await expect(translateAll(engine, { ...final, earlierAttempts })).rejects.toBeInstanceOf(EngineUnavailableError);
    }
    expect(heard).not.toContain('one is open');
  });
});
