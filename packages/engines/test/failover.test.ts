import { describe, expect, it } from '@jest/globals';
import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  RateLimitReachedError,
  systemClock,
  type Engine,
  type TranslationRequest,
} from '@parley/translation';
import { createFailoverEngine } from '../src/index.ts';
import { describeEngineContract } from './engine-contract.ts';
import { requestFor, translateAll } from './engine-under-test.ts';
import { circuit, recordingObserver, startFailover, type Reply } from './failover-fixture.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

describeEngineContract('failover over one OpenAI endpoint', async (given) => {
  const fixture = await startOpenAiFixture(given);
  const engine = createFailoverEngine({
    endpoints: [{ name: 'only', engine: fixture.engine, for: 'both' }],
    circuit: { ...circuit, minimumCalls: 20 },
    observer: recordingObserver(),
    hedging: false,
    clock: systemClock,
    random: Math.random,
  });
  return Object.defineProperty(fixture, 'engine', { value: engine });
});

const final = { kind: 'final' } as const;
const down = new EngineUnavailableError('down');
const pair = new LanguagePairUnsupportedError('not these');
const refused = new EngineRejectedError('bad key');

describe('the engine over two endpoints', () => {
  it('asks the first, and leaves the other alone', async () => {
    const { engine, two, heard } = startFailover();
    expect((await translateAll(engine)).text).toBe('one');
    expect(two.calls).toEqual([]);
    expect(heard).toEqual(['one translated']);
  });

  it.each([
    [0, 'one'],
    [1, 'one'],
    [2, 'two'],
    [3, 'two'],
    [4, 'one'],
  ])('after %i attempts in vain asks %s', async (earlierAttempts, name) => {
    const { engine } = startFailover();
    expect((await translateAll(engine, { ...final, earlierAttempts })).text).toBe(name);
  });

  it.each<[string, Error, Partial<TranslationRequest>]>([
    ['refuses', refused, {}],
    ['refuses', refused, final],
    ['does not know the languages of', pair, {}],
    ['does not know the languages of', pair, final],
    ['has no room under its rate limit for', new RateLimitReachedError(500), {}],
    ['has no room under its rate limit for', new RateLimitReachedError(500), final],
    ['answers 429 to', new EngineRateLimitedError('slow down', 500), final],
  ])('goes on at once where the first %s (%s) a call', async (_, error, given) => {
    const { engine, one, heard } = startFailover();
    one.reply = error;
    expect((await translateAll(engine, given)).text).toBe('two');
    expect(heard.slice(1)).toEqual(['two translated', `${given.kind ?? 'partial'} failed over`]);
  });

  it.each<[string, Error, Partial<TranslationRequest>]>([
    ['a partial that was answered 429', new EngineRateLimitedError('slow down', 500), {}],
    ['a call that failed', down, {}],
    ['a call that failed', down, final],
    ['a call that took too long', new EngineTimeoutError('total', 9), final],
    ['a bad reply', new EngineReplyError('no JSON'), final],
    ['a defect', new TypeError('a bug'), final],
  ])('leaves it to the caller to make %s again', async (_, error, given) => {
    const { engine, one, two } = startFailover();
    one.reply = error;
    await expect(translateAll(engine, given)).rejects.toBe(error);
    expect(two.calls).toEqual([]);
  });

  it('lets a stream that breaks fail, with what had come', async () => {
    const { engine, one } = startFailover();
    one.reply = ['Buenos ', down];
    const pieces: unknown[] = [];
    const reading = (async () => {
      for await (const piece of engine.translate(requestFor(final))) pieces.push(piece);
    })();
    await expect(reading).rejects.toBe(down);
    expect(pieces).toEqual([{ type: 'text', text: 'Buenos ' }]);
  });

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

  it.each<[string, Error, Error, Error]>([
    ['the one that is free sooner', new RateLimitReachedError(900), new EngineRateLimitedError('slow down', 300), new EngineRateLimitedError('slow down', 300)], // prettier-ignore
    ['the one that may be free', refused, new RateLimitReachedError(900), new RateLimitReachedError(900)],
    ['the one that would have served it', pair, refused, refused],
    ['the first, where none knows the languages', pair, pair, pair],
  ])('tells of %s', async (_, first, second, expected) => {
    const { engine, one, two } = startFailover();
    one.reply = first;
    two.reply = second;
    await expect(translateAll(engine, final)).rejects.toEqual(expected);
  });
});

describe('a final for which an endpoint merely has no room', () => {
  const full = new RateLimitReachedError(900);
  const badReply = new EngineReplyError('no JSON');
  const wordOf = (engine: Engine, given: Partial<TranslationRequest> = final): Promise<unknown> =>
    translateAll(engine, given).catch((thrown: unknown) => thrown);

  it('waits for its turn where the other is left alone, and looks again when that may be well', async () => {
    const { engine, one, two } = startFailover();
    one.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 4; call++) await wordOf(engine);
    two.reply = full;
    const word = await wordOf(engine);
    expect(word).toBeInstanceOf(RateLimitReachedError);
    expect((word as RateLimitReachedError).retryAfterMs).toBeLessThanOrEqual(circuit.maxPauseMs);
    expect((word as RateLimitReachedError).cause).toBe(full);
  });

  it('waits for its turn where the other fails', async () => {
    const { engine, one, two } = startFailover();
    one.reply = full;
    two.reply = down;
    const word = await wordOf(engine);
    expect(word).toBeInstanceOf(RateLimitReachedError);
    expect((word as RateLimitReachedError).retryAfterMs).toBe(500);
  });

  it.each<[string, Partial<TranslationRequest>, Reply, Error]>([
    ['a stream that breaks', final, ['Buenos ', down], down],
    ['a bad reply', final, badReply, badReply],
    ['a partial', {}, down, down],
  ])('has failed all the same at the other: %s', async (_, given, reply, error) => {
    const { engine, one, two } = startFailover();
    one.reply = full;
    two.reply = reply;
    expect(await wordOf(engine, given)).toBe(error);
  });
});

describe('endpoints of one kind', () => {
  it('I33: are asked for that kind alone', async () => {
    const { engine, one, two } = startFailover({ one: 'partial', two: 'final' });
    expect((await translateAll(engine)).text).toBe('one');
    expect((await translateAll(engine, final)).text).toBe('two');
    one.reply = two.reply = refused;
    await expect(translateAll(engine)).rejects.toBe(refused);
    await expect(translateAll(engine, final)).rejects.toBe(refused);
    expect([one, two].map(({ calls }) => calls.map(({ kind }) => kind))).toEqual([
      ['partial', 'partial'],
      ['final', 'final'],
    ]);
  });

  it('make translations of another identity', () => {
    const { engine } = startFailover({ one: 'both', two: 'final' });
    expect(engine.identity('partial')).toBe('one partial');
    expect(engine.identity('final')).toBe('one final, two final');
  });
});

describe('the languages of two endpoints', () => {
  const { signal } = new AbortController();

  it.each([
    ['both', [['en', 'es']], [['en', 'es'], ['en', 'de']], [['en', 'es'], ['en', 'de']]], // prettier-ignore
    ['both', [['en', 'es']], undefined, undefined],
    ['both', down, [['en', 'de']], [['en', 'de']]],
    ['partial', [['en', 'es']], [['en', 'de']], [['en', 'de']]],
    ['partial', undefined, [['en', 'de']], [['en', 'de']]],
  ] as const)('the first for %s, with %j, and the second with %j: %j', async (purpose, first, second, expected) => {
    const { engine, one, two } = startFailover({ one: purpose });
    one.pairs = first;
    two.pairs = second;
    expect((await engine.capabilities(signal)).languagePairs).toEqual(expected);
  });

  it('are unknown where no endpoint for finals answers', async () => {
    const { engine, two } = startFailover({ one: 'partial' });
    two.pairs = down;
    await expect(engine.capabilities(signal)).rejects.toBe(down);
  });

  it('keep calls from an endpoint that has not got them', async () => {
    const { engine, one, heard } = startFailover();
    one.pairs = [['en', 'de']];
    await engine.capabilities(signal);
    expect((await translateAll(engine, { target: 'es' })).text).toBe('two');
    expect((await translateAll(engine, { target: 'de-AT' })).text).toBe('one');
    expect(heard).toContain('one passed over: unsupported');
    expect(one.calls).toHaveLength(1);
  });
});

describe('warming', () => {
  it('warms the others of one that fails, and says so', async () => {
    const { engine, one, two } = startFailover();
    const warmed: string[] = [];
    one.warm = () => Promise.reject(down);
    two.warm = () => Promise.resolve(void warmed.push('two'));
    await expect(engine.warm(new AbortController().signal)).rejects.toBe(down);
    expect(warmed).toEqual(['two']);
  });
});
