import { describe, expect, it } from '@jest/globals';
import {
  createTranslationService,
  EngineCancelledError,
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineUnavailableError,
  RateLimitReachedError,
  TranslationPostponed,
  type Clock,
  type RetryPolicy,
  type TranslationPiece,
  type TranslationRequest,
} from '../src/index.ts';

const policy: RetryPolicy = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 1000,
  deadlineMs: 10_000,
  longestTurnWaitMs: 60_000,
};
const usage = { promptTokens: 40, completionTokens: 7 };
const request: TranslationRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  signal: new AbortController().signal,
};

/** What an engine does with one call: it fails, or gives these texts and then its usage. */
type Step = Error | readonly string[];

/** The service on an engine that follows its steps, each taking 10 ms, under a clock that moves by itself. */
function serviceOf(steps: readonly Step[], clock: Partial<Clock> = {}, longestWaitMs = Infinity) {
  let now = 0;
  const waits: number[] = [];
  const calls: TranslationRequest[] = [];
  let pieces = 0;
  const service = createTranslationService({
    engine: {
      async *translate(given): AsyncGenerator<TranslationPiece> {
        const step = steps[calls.push(given) - 1] ?? [];
        now += 10;
        await Promise.resolve();
        if (step instanceof Error) throw step;
        for (const text of step) {
          pieces++;
          yield { type: 'text', text };
        }
        yield { type: 'usage', usage };
      },
    },
    retry: policy,
    longestWaitMs,
    random: () => 0.5,
    clock: {
      now: () => now,
      delay: (delayMs) => {
        waits.push(delayMs);
        now += delayMs;
        return Promise.resolve();
      },
      ...clock,
    },
  });
  return { service, calls, waits, read: () => pieces };
}

const unavailable = new EngineUnavailableError('down');

describe('translatePartial', () => {
  it('makes one call and trims what it gives', async () => {
    const { service, calls } = serviceOf([['Buenos', ' días.\n']]);
    const result = await service.translatePartial({ ...request, kind: 'partial', text: ' Good \n morning. ' });
    expect(result).toEqual({ text: 'Buenos días.', usage, engineMs: 10, attempts: 1, cached: false, joined: false });
    expect(calls.map(({ text }) => text)).toEqual(['Good morning.']);
  });

  it.each([
    [unavailable],
    [new EngineRateLimitedError('slow down', 5)],
    [new EngineRejectedError('bad key')],
    [new EngineDownError(1)],
  ])('lets %s go up', async (error) => {
    const { service, calls } = serviceOf([error, ['Buenos días.']]);
    await expect(service.translatePartial(request)).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it.each([[' '], ['Translation: buenos días']])('lets the bad reply %j go up', async (reply) => {
    const { service, calls } = serviceOf([[reply], ['Buenos días.']]);
    await expect(service.translatePartial({ ...request, kind: 'partial' })).rejects.toBeInstanceOf(EngineReplyError);
    expect(calls).toHaveLength(1);
  });
});

describe('translatePartial where there is no room', () => {
  it('is not made', async () => {
    const noRoom = new RateLimitReachedError(1);
    const { service } = serviceOf([noRoom, ['Buenos días.']]);
    await expect(service.translatePartial({ ...request, kind: 'partial' })).rejects.toBe(noRoom);
  });
});

describe('translateFinal', () => {
  it('tries again until there is a translation', async () => {
    const { service, waits } = serviceOf([unavailable, new EngineRateLimitedError('slow down', 700), ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', engineMs: 20, attempts: 2 });
    expect(waits).toEqual([50, 725]);
  });

  it('says how often it asked in vain, whatever was not asked left out', async () => {
    const { service, calls, waits } = serviceOf([unavailable, new EngineDownError(900), unavailable, ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', attempts: 3 });
    expect(calls.map(({ earlierAttempts }) => earlierAttempts)).toEqual([0, 1, 1, 2]);
    expect(waits).toEqual([50, 950, 100]);
  });

  it('waits for an engine that is down until the deadline, and then says so', async () => {
    const down = new EngineDownError(4000);
    const { service, calls } = serviceOf([down, down, down, ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBe(down);
    expect(calls).toHaveLength(3);
  });

  it('throws the last error when its attempts are used up', async () => {
    const last = new EngineUnavailableError('still down');
    const { service, calls } = serviceOf([unavailable, unavailable, last, ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBe(last);
    expect(calls).toHaveLength(3);
  });

  it('asks once more, strictly, after a reply that is no translation, and counts the tokens of both', async () => {
    const { service, calls } = serviceOf([[''], ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ attempts: 2, usage: { promptTokens: 80, completionTokens: 14 } });
    expect(calls.map(({ strict }) => strict)).toEqual([false, true]);
  });

  it('asks no third time after two such replies', async () => {
    const { service, calls } = serviceOf([[''], [''], ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(EngineReplyError);
    expect(calls).toHaveLength(2);
  });

  const oddReply = ['Sure! Here is the translation: ', 'Buenos días.'];
  const another = { ...request, text: 'Where do we meet?' };

  it('takes the second reply where only the first one looks odd', async () => {
    const { service, calls } = serviceOf([oddReply, ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ text: 'Buenos días.', attempts: 2 });
    expect(result.suspect).toBeUndefined();
    expect(calls.map(({ strict }) => strict)).toEqual([false, true]);
  });

  it.each([
    ['both replies look odd', request, [oddReply, oddReply], oddReply.join('')],
    ['the first reply is empty and the second odd', request, [[''], ['Translation: hola']], 'Translation: hola'],
    ['a question is answered twice', another, [['En la plaza.'], ['En la plaza.']], 'En la plaza.'],
    ['there is no further attempt', request, [unavailable, unavailable, oddReply], oddReply.join('')],
  ])('marks the last reply where %s', async (_, given, steps, text) => {
    const { service, calls } = serviceOf(steps);
    expect(await service.translateFinal(given)).toMatchObject({ text, suspect: true, attempts: steps.length });
    expect(calls).toHaveLength(steps.length);
  });

  it('fails where the second reply is nothing to show', async () => {
    const { service } = serviceOf([oddReply, [' ']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(EngineReplyError);
  });

  it('takes quotation marks off that the speaker did not say', async () => {
    const { service, calls } = serviceOf([['"Buenos', ' días."\n']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.' });
    expect(calls).toHaveLength(1);
  });

  it('does not read a reply to its end that outgrows any translation, and asks again', async () => {
    const runaway = Array.from({ length: 1000 }, () => 'palabra '.repeat(10));
    const { service, calls, read } = serviceOf([runaway, ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', attempts: 2 });
    expect(read()).toBeLessThan(10);
    expect(calls).toHaveLength(2);
  });

  it('shows nothing of a reply that looks odd while it grows, nor of the next one', async () => {
    const { service } = serviceOf([["I'm sorry,", ' but I can', "'t help with that."], ['Buenos días.']]);
    const progress: string[] = [];
    await service.translateFinal(request, { onProgress: (text) => progress.push(text) });
    expect(progress).toEqual(["I'm sorry,", "I'm sorry, but I can"]);
  });

  it('tells how far the translation has come', async () => {
    const { service } = serviceOf([['Buenos ', 'días', '.']]);
    const progress: string[] = [];
    await service.translateFinal(request, { onProgress: (text) => progress.push(text) });
    expect(progress).toEqual(['Buenos', 'Buenos días', 'Buenos días.']);
  });

  it('is cancelled while it waits', async () => {
    const reason = new Error('gone');
    const { service, calls } = serviceOf([unavailable], { delay: () => Promise.reject(reason) });
    const error: unknown = await service.translateFinal(request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineCancelledError);
    expect((error as Error).cause).toBe(reason);
    expect(calls).toHaveLength(1);
  });

  it('is put off where it would wait long, and goes on where it was', async () => {
    const slowDown = new EngineRateLimitedError('slow down', 700);
    const { service, calls, waits } = serviceOf([[''], slowDown, unavailable, ['Buenos días.']], {}, 250);
    const postponed: unknown = await service.translateFinal(request).catch((thrown: unknown) => thrown);
    expect(postponed).toBeInstanceOf(TranslationPostponed);
    const { delayMs, soFar, cause } = postponed as TranslationPostponed;
    expect({ delayMs, soFar, cause }).toEqual({
      delayMs: 725,
      soFar: {
        attempts: 1,
        badReplies: 1,
        elapsedMs: 20,
        engineMs: 10,
        usage,
        turns: { waitMs: 0, refusals: 1 },
      },
      cause: slowDown,
    });
    expect(waits).toEqual([0]);
    const earlier = { ...soFar, turns: { waitMs: 750, refusals: 1 } };
    const { text } = await service.translateFinal(request, { earlier });
    expect(text).toBe('Buenos días.');
    expect(calls.map(({ strict }) => strict)).toEqual([false, true, true, true]);
  });

  it('is given up at its deadline, however often it was put off', async () => {
    const { service } = serviceOf([unavailable], {}, 250);
    const earlier = { attempts: 1, badReplies: 0, elapsedMs: 9_960, engineMs: 1, usage: undefined };
    await expect(service.translateFinal(request, { earlier })).rejects.toBe(unavailable);
  });

  it('waits its turn where there is no room, however often, and that is no attempt', async () => {
    const noRoom = new RateLimitReachedError(200);
    const { service, waits } = serviceOf([noRoom, noRoom, noRoom, noRoom, unavailable, noRoom, ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ text: 'Buenos días.', attempts: 2, engineMs: 20 });
    expect(waits).toEqual([225, 250, 300, 400, 50, 225]);
  });

  it('is put off where its turn is far away, and given up when it has waited for too long in all', async () => {
    const noRoom = new RateLimitReachedError(20_000);
    const { service } = serviceOf([noRoom, noRoom], {}, 250);
    const postponed: unknown = await service.translateFinal(request).catch((thrown: unknown) => thrown);
    expect(postponed).toMatchObject({
      waitsFor: 'turn',
      delayMs: 20_025,
      soFar: { attempts: 0, elapsedMs: 10, turns: { waitMs: 0, refusals: 1 } },
    });
    const { soFar } = postponed as TranslationPostponed;
    const earlier = { ...soFar, turns: { waitMs: 40_000, refusals: 1 } };
    await expect(service.translateFinal(request, { earlier })).rejects.toBe(noRoom);
  });

  it('does not count the wait for its turn as time since its first call', async () => {
    const steps = [new RateLimitReachedError(50_000), unavailable, ['Buenos días.']];
    expect(await serviceOf(steps).service.translateFinal(request)).toMatchObject({ attempts: 2 });
  });

  it('is cancelled when nobody wants it any more', async () => {
    const unwanted = new AbortController();
    const { service, calls } = serviceOf([['Buenos días.']]);
    await service.translateFinal({ ...request, unwanted: unwanted.signal });
    unwanted.abort();
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('makes no call for a text without a word', async () => {
    const { service, calls } = serviceOf([]);
    expect(await service.translateFinal({ ...request, text: ' \n' })).toMatchObject({ text: '', attempts: 0 });
    expect(calls).toHaveLength(0);
  });

  it('does not take a fault of the program for one of the engine', async () => {
    const { service, calls } = serviceOf([new TypeError('a bug'), ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(1);
  });
});
