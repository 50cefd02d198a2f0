import { describe, expect, it } from '@jest/globals';
import {
  createTranslationService,
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
import { requestFor, translateAll } from './engine-under-test.ts';
import { circuit } from './endpoint-fixture.ts';
import { startFailover, type Reply } from './failover-fixture.ts';

const final = { kind: 'final' } as const;
const down = new EngineUnavailableError('down');
const pair = new LanguagePairUnsupportedError('not these');
const refused = new EngineRejectedError('bad key');

describe('the engine over two endpoints', () => {
  it('uses the first endpoint only', async () => {
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
  ])('after %i failed attempts uses %s', async (earlierAttempts, name) => {
    const { engine } = startFailover();
    expect((await translateAll(engine, { ...final, earlierAttempts })).text).toBe(name);
  });

  it.each([
    [1, 'two'],
    [2, 'two'],
    [3, 'one'],
    [4, 'one'],
  ])('after %i failed attempts, one of them a bad reply, uses %s', async (earlierAttempts, name) => {
    const { engine } = startFailover();
    expect((await translateAll(engine, { ...final, earlierAttempts, strict: true })).text).toBe(name);
  });

  it('serves every final by the second endpoint if the first gives empty replies', async () => {
    const { engine, one, two } = startFailover();
    one.reply = [''];
    two.reply = ['Buenos días a todos.'];
    const retry = { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 15_000, maxRateLimitWaitMs: 0 };
    const service = createTranslationService({
      engine,
      retry,
      longestWaitMs: 1000,
      clock: systemClock,
      random: () => 0,
    });
    for (let number = 1; number <= 10; number++) {
      expect(await service.translateFinal(requestFor(final))).toMatchObject({ text: 'Buenos días a todos.' });
    }
    expect([one, two].map(({ calls }) => calls.length)).toEqual([10, 10]);
  });

  it.each<[string, TranslationRequest['kind'], Error]>([
    ['refuses', 'partial', refused],
    ['refuses', 'final', refused],
    ['does not know the languages of', 'partial', pair],
    ['does not know the languages of', 'final', pair],
    ['has no room under its rate limit for', 'partial', new RateLimitReachedError(500)],
    ['has no room under its rate limit for', 'final', new RateLimitReachedError(500)],
    ['answers 429 to', 'final', new EngineRateLimitedError('slow down', 500)],
  ])('uses the next endpoint at once if the first %s a %s', async (_, kind, error) => {
    const { engine, one, heard } = startFailover();
    one.reply = error;
    expect((await translateAll(engine, { kind })).text).toBe('two');
    expect(heard.slice(1)).toEqual(['two translated', `${kind} failed over`]);
  });

  it.each<[string, Error, Partial<TranslationRequest>]>([
    ['a partial that was answered 429', new EngineRateLimitedError('slow down', 500), {}],
    ['a call that failed', down, {}],
    ['a call that failed', down, final],
    ['a call that took too long', new EngineTimeoutError('total', 9), final],
    ['a bad reply', new EngineReplyError('no JSON'), final],
    ['a defect', new TypeError('a bug'), final],
  ])('leaves retrying %s to the caller', async (_, error, given) => {
    const { engine, one, two } = startFailover();
    one.reply = error;
    await expect(translateAll(engine, given)).rejects.toBe(error);
    expect(two.calls).toEqual([]);
  });

  it.each([down, new EngineRateLimitedError('slow down', 500), refused])(
    'lets a stream that breaks fail, with what had come: %s',
    async (error) => {
      const { engine, one, two } = startFailover();
      one.reply = ['Buenos ', error];
      const pieces: string[] = [];
      const reading = engine.translate(requestFor(final), (piece) => void pieces.push(piece));
      await expect(reading).rejects.toBe(error);
      expect(pieces).toEqual(['Buenos ']);
      expect(two.calls).toEqual([]);
    },
  );

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

describe('a translation by another endpoint than the first', () => {
  const isFallback = async (engine: Engine, given: Partial<TranslationRequest>): Promise<boolean> =>
    (await engine.translate(requestFor(given))).isFallback === true;

  it.each<[string, Reply, Partial<TranslationRequest>, boolean]>([
    ['the first made it', ['one'], final, false],
    ['the first refused', refused, final, true],
    ['the first has no room', new RateLimitReachedError(500), {}, true],
    ['the first failed twice', ['one'], { ...final, earlierAttempts: 2 }, true],
    ['the first does not know the languages', pair, final, false],
  ])('is marked as a fallback: %s', async (_, reply, given, expected) => {
    const { engine, one } = startFailover();
    one.reply = reply;
    expect(await isFallback(engine, given)).toBe(expected);
  });

  it('is not a fallback if the first endpoint does not support the languages', async () => {
    const { engine, one } = startFailover();
    one.pairs = [['de', 'fr']];
    await engine.capabilities(new AbortController().signal);
    expect(await isFallback(engine, final)).toBe(false);
    expect(await isFallback(engine, { ...final, earlierAttempts: 2 })).toBe(false);
  });
});

describe('a final for which an endpoint merely has no capacity', () => {
  const full = new RateLimitReachedError(900);
  const badReply = new EngineReplyError('no JSON');
  const wordOf = (engine: Engine, given: Partial<TranslationRequest> = final): Promise<unknown> =>
    translateAll(engine, given).catch((thrown: unknown) => thrown);

  it('waits for capacity if the other endpoint has an open circuit, and retries when that may have recovered', async () => {
    const { engine, one, two } = startFailover();
    one.reply = () => new EngineUnavailableError('down');
    for (let call = 0; call < 4; call++) await wordOf(engine);
    two.reply = full;
    const word = await wordOf(engine);
    expect(word).toBeInstanceOf(RateLimitReachedError);
    expect((word as RateLimitReachedError).retryAfterMs).toBeLessThanOrEqual(circuit.maxPauseMs);
    expect((word as RateLimitReachedError).cause).toBe(full);
  });

  it('waits for capacity if the other endpoint fails', async () => {
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
  ])('still fails at the other endpoint: %s', async (_, given, reply, error) => {
    const { engine, one, two } = startFailover();
    one.reply = full;
    two.reply = reply;
    expect(await wordOf(engine, given)).toBe(error);
  });
});

describe('endpoints of one kind', () => {
  it('I33: are used for that kind only', async () => {
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

  it('have a different translation identity', () => {
    const { engine } = startFailover({ one: 'both', two: 'final' });
    expect(engine.identity('partial')).toBe('one partial');
    expect(engine.identity('final')).toBe('one final, two final');
  });
});

describe('warming', () => {
  it('warms the other endpoints if one fails, and throws its error', async () => {
    const { engine, one, two } = startFailover();
    const warmed: string[] = [];
    one.warm = () => Promise.reject(down);
    two.warm = () => Promise.resolve(void warmed.push('two'));
    await expect(engine.warm(new AbortController().signal)).rejects.toBe(down);
    expect(warmed).toEqual(['two']);
  });
});
