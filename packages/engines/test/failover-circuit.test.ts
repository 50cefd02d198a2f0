import { describe, expect, it } from '@jest/globals';
import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  RateLimitReachedError,
} from '@parley/translation';
import { requestFor, translateAll } from './engine-under-test.ts';
import { circuit, startFailover } from './failover-fixture.ts';

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

  it('does not take a consumer that stops for a failure', async () => {
    const { engine, one, heard } = startFailover();
    one.reply = ['Buenos ', down];
    for (let call = 0; call < 20; call++) {
      const pieces = engine.translate(requestFor())[Symbol.asyncIterator]();
      await pieces.next();
      await pieces.return?.();
    }
    expect(new Set(heard)).toEqual(new Set(['one cancelled']));
  });
});
