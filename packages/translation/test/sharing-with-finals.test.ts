import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  createTranslationService,
  EngineCancelledError,
  EngineUnavailableError,
  systemClock,
  translationKeys,
  type JobRequest,
  type RememberedTranslation,
  type SharedTranslations,
  type TranslationService,
} from '../src/index.ts';
import { partial, request, sharedInMemory, thread, translated } from './reuse-fixture.ts';

const keyOf = translationKeys({ identity: () => 'engine model', shared: false });

/** Texts whose partials are samples of the look-ups, or are none. */
function textsOf({ areSamples }: { areSamples: boolean }, count: number): string[] {
  const texts: string[] = [];
  for (let index = 0; texts.length < count; index++) {
    const text = `Good morning ${index}.`;
    if (/\.[ABCD]/.test(keyOf({ ...partial, text }) ?? '') === areSamples) texts.push(text);
  }
  return texts;
}

const [text = ''] = textsOf({ areSamples: false }, 1);
const ofPartial: JobRequest = { ...partial, text };
const ofFinal: JobRequest = { ...request, text };

/** A thread that has learnt that partials have nothing in common with those of others, and another one. */
async function twoThreads({ cached = true } = {}) {
  const { shared, commands, completed } = sharedInMemory({ cached });
  const memory = new Map<string, RememberedTranslation>();
  const lookUps: string[] = [];
  const onPartialLookUp = (result: string): void => void lookUps.push(result);
  const one = thread(shared, { memory, cache: cached, onPartialLookUp });
  for (const sample of textsOf({ areSamples: true }, 15)) {
    const asked = one.translatePartial({ ...partial, text: sample });
    await turn();
    one.calls.pop()?.answer(translated);
    await asked;
  }
  expect(lookUps).toEqual(Array(15).fill('none'));
  for (const list of [commands, lookUps]) list.length = 0;
  completed.clear();
  memory.clear();
  return { one, other: thread(shared, { memory: new Map(), cache: cached }), commands, completed, lookUps, memory };
}

describe('a partial of a tenant whose partials have nothing in common with others', () => {
  it('is asked for without a look at what all workers share, and its translation stays in this thread', async () => {
    const { one, commands, lookUps } = await twoThreads();
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.calls[0]?.answer(translated);
    expect(await asked).toEqual(translated);
    expect(await one.translatePartial(ofPartial)).toMatchObject({ cached: true });
    expect([commands, lookUps]).toEqual([[], ['skipped']]);
  });

  it('gives its call to a final of this thread, whose translation it is for all workers from then on', async () => {
    const { one, commands } = await twoThreads();
    const [asked, final] = [one.translatePartial(ofPartial), one.translateFinal(ofFinal)];
    await turn();
    one.calls[0]?.answer(translated);
    await asked;
    expect(await final).toMatchObject({ joined: true });
    expect(commands).toEqual(['complete final']);
  });

  it('gives its translation to a later final of this thread without a look at the cache', async () => {
    const { one, commands } = await twoThreads();
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.calls[0]?.answer(translated);
    await asked;
    expect(await one.translateFinal(ofFinal)).toMatchObject({ cached: true });
    expect(commands).toEqual(['complete final']);
  });
});

describe('a partial that is shared with its final', () => {
  it('hands its call over, which goes on although its own session has no use for it any more', async () => {
    const { one, other, commands } = await twoThreads();
    const unwanted = new AbortController();
    const asked = one.translatePartial({ ...ofPartial, unwanted: unwanted.signal });
    await turn();
    one.share(ofPartial);
    unwanted.abort();
    await expect(asked).rejects.toBeInstanceOf(EngineCancelledError);
    await turn();
    expect(one.calls[0]?.request.unwanted?.aborted).toBe(false);
    const final = other.translateFinal(ofFinal);
    await turn();
    one.calls[0]?.answer(translated);
    await turn();
    await other.tick();
    expect(await final).toMatchObject({ text: translated.text, joined: true });
    expect(other.calls).toEqual([]);
    expect(commands).toEqual(['lead', 'join final', 'complete partial', 'join final']);
  });

  it('I28: keeps its call for the final that follows, also after the time that it waits for one', async () => {
    const { one, other } = await twoThreads();
    const unwanted = new AbortController();
    const asked = one.translatePartial({ ...ofPartial, unwanted: unwanted.signal });
    await turn();
    one.share(ofPartial);
    unwanted.abort();
    await expect(asked).rejects.toBeInstanceOf(EngineCancelledError);
    const final = other.translateFinal(ofFinal);
    await turn();
    for (let count = 0; count < 3; count++) await one.tick();
    expect(one.calls[0]?.request.unwanted?.aborted).toBe(false);
    one.calls[0]?.answer(translated);
    await turn();
    await other.tick();
    expect(await final).toMatchObject({ joined: true });
  });

  it('ends its call where no final comes in time', async () => {
    const { one } = await twoThreads();
    const unwanted = new AbortController();
    const asked = one.translatePartial({ ...ofPartial, unwanted: unwanted.signal });
    await turn();
    one.share(ofPartial);
    unwanted.abort();
    await expect(asked).rejects.toBeInstanceOf(EngineCancelledError);
    await one.tick();
    expect(one.calls[0]?.request.unwanted?.aborted).toBe(true);
  });

  it('ends its call at once where the worker stops, and the final makes its own', async () => {
    const { one, other } = await twoThreads();
    const stop = new AbortController();
    const asked = one.translatePartial({ ...ofPartial, signal: stop.signal });
    await turn();
    one.share(ofPartial);
    const final = other.translateFinal(ofFinal);
    await turn();
    stop.abort();
    await expect(asked).rejects.toBeInstanceOf(EngineCancelledError);
    await turn();
    await other.tick();
    other.calls[0]?.answer(translated);
    expect(await final).toMatchObject({ joined: false });
  });

  it('lets the final make its own call where its own fails', async () => {
    const { one, other } = await twoThreads();
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.share(ofPartial);
    const final = other.translateFinal(ofFinal);
    await turn();
    one.calls[0]?.fail(new EngineUnavailableError('down'));
    await expect(asked).rejects.toBeInstanceOf(EngineUnavailableError);
    await turn();
    await other.tick();
    other.calls[0]?.answer(translated);
    expect(await final).toMatchObject({ joined: false });
  });

  it.each([
    ['into the cache', true, { cached: true }],
    ['to whoever comes soon, where there is no cache', false, { joined: true }],
  ])('gives what it has already %s, once', async (_, cached, expected) => {
    const { one, other, commands } = await twoThreads({ cached });
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.calls[0]?.answer(translated);
    await asked;
    one.share(ofPartial);
    one.share(ofPartial);
    expect(await other.translateFinal(ofFinal)).toMatchObject({ text: translated.text, ...expected });
    expect(commands).toEqual(['complete partial', 'join final']);
  });

  it('stays the translation of a fallback', async () => {
    const { one, completed } = await twoThreads();
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.calls[0]?.answer({ ...translated, isFallbackResult: true });
    await asked;
    one.share(ofPartial);
    expect([...completed.values()]).toEqual([{ text: translated.text, ttlClass: 'fallback' }]);
  });

  it.each<[string, Partial<JobRequest>]>([
    ['it was never asked for', { text: 'Something else.' }],
    ['it shares with nobody', { tenant: undefined }],
  ])('costs nothing where %s', async (_, changed) => {
    const { one, commands } = await twoThreads();
    one.share({ ...ofPartial, ...changed });
    expect(commands).toEqual([]);
  });

  it('I27: costs nothing where it was asked to keep what readers see, since its final is not', async () => {
    const { one, other, commands } = await twoThreads();
    const previous = { text: 'Good', translation: 'Buenos' };
    const asked = [one.translatePartial({ ...ofPartial, previous }), one.translatePartial({ ...ofPartial, previous })];
    const elsewhere = one.translatePartial({ ...ofPartial, previous: { ...previous, translation: 'Bueno' } });
    await turn();
    const { length } = commands;
    one.share({ ...ofPartial, previous });
    expect(commands).toHaveLength(length);
    // Equal partials share a call; their finals make another.
    const final = one.translateFinal(ofFinal);
    const finalElsewhere = other.translateFinal(ofFinal);
    await turn();
    const called = one.calls.map(({ request: { kind, previous: shown } }) => `${kind} ${shown?.translation}`);
    expect(called.toSorted()).toEqual(['final undefined', 'partial Bueno', 'partial Buenos']);
    for (const call of one.calls) call.answer(translated);
    await Promise.all([...asked, elsewhere, final]);
    await other.tick();
    expect(await finalElsewhere).toMatchObject({ text: translated.text });
  });

  it('costs nothing where other engines translate finals', async () => {
    const { shared, commands } = sharedInMemory();
    const one = thread(shared, { keyOf: translationKeys({ identity: (kind) => kind, shared: false }) });
    const asked = one.translatePartial(ofPartial);
    await turn();
    const { length } = commands;
    one.share(ofPartial);
    expect(commands).toHaveLength(length);
    one.calls[0]?.answer(translated);
    await asked;
  });
});

describe('a final whose partial is handed over by another thread', () => {
  it.each([
    ['is cached', true, { cached: true }],
    ['was completed', false, { joined: true }],
  ])('uses a translation that %s with one command', async (_, cached, expected) => {
    const { one, other, commands } = await twoThreads({ cached });
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.calls[0]?.answer(translated);
    await asked;
    const final = other.translateFinal({ ...ofFinal, isHandedOver: true });
    await turn();
    expect(commands).toEqual(['wait']);
    one.share(ofPartial);
    await other.tick();
    expect(await final).toMatchObject({ text: translated.text, ...expected });
    expect(commands).toEqual(['wait', 'complete partial', 'wait']);
  });

  it('follows its call', async () => {
    const { one, other, commands } = await twoThreads();
    const asked = one.translatePartial(ofPartial);
    await turn();
    one.share(ofPartial);
    const final = other.translateFinal({ ...ofFinal, isHandedOver: true });
    await turn();
    one.calls[0]?.answer(translated);
    await asked;
    await other.tick();
    expect(await final).toMatchObject({ text: translated.text, joined: true });
    expect(commands).toEqual(['lead', 'wait', 'complete partial', 'join final']);
  });

  it('does not wait if other engines translate finals', async () => {
    const { shared, commands } = sharedInMemory();
    const one = thread(shared, { keyOf: translationKeys({ identity: (kind) => kind, shared: false }) });
    const final = one.translateFinal({ ...ofFinal, isHandedOver: true });
    await turn();
    one.calls[0]?.answer(translated);
    expect(await final).toEqual(translated);
    expect(commands).toEqual(['join final', 'complete final']);
  });

  it.each([
    ['waits for it if it is short', 400, 'wait'],
    ['does not wait if it is long and its partial was translated in pieces', 401, 'join final'],
  ])('%s', async (_, length, command) => {
    const { shared, commands } = sharedInMemory();
    const stop = new AbortController();
    const given = { ...ofFinal, text: 'x'.repeat(length), isHandedOver: true, signal: stop.signal };
    const final = serviceWith(shared).translateFinal(given);
    await turn();
    expect(commands[0]).toBe(command);
    stop.abort();
    await expect(final).rejects.toBeInstanceOf(EngineCancelledError);
  });
});

function serviceWith(shared: SharedTranslations): TranslationService {
  const common = { clock: systemClock, random: () => 0, newMember: () => 'member' };
  return createTranslationService({
    ...common,
    engine: {
      translate: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')));
        }),
    },
    retry: { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 0, maxRateLimitWaitMs: 0 },
    longestWaitMs: 0,
    reuse: {
      ...common,
      keyOf,
      cache: false,
      singleflight: true,
      sharing: { ...common, shared },
      onSaved: () => undefined,
    },
  });
}
