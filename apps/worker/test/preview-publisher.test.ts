import type { PreviewResult, ShownTranslation } from '@parley/redis/pending';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isPastShown, PreviewPublisher } from '../src/consumer/preview-publisher.ts';

describe('I37: what is past what is shown', () => {
  it.each([
    ['a first text', '', 'Buenos'],
    ['what goes on where it ends', 'Buenos días', 'Buenos días a todos'],
    ['another text that is longer', 'Buenos días', 'Muy buenos días'],
    ['one that is longer only in characters', '👨‍👩‍👧‍👦', 'dos'],
  ])('is %s', (_what, shown, reply) => {
    expect(isPastShown(shown, reply)).toBe(true);
  });

  it.each([
    ['the same text', 'Buenos días', 'Buenos días'],
    ['nothing', '', ''],
    ['its beginning', 'Buenos días', 'Buenos'],
    ['another text that is shorter', 'Buenos días', 'Hola a to'],
    ['one that is as long', 'Buenos días', 'Muy buenas.'],
    ['one that is longer only in code units', 'dos', 'e\u0301e\u0301'],
    ['one whose emoji have many parts', 'tres', '👨‍👩‍👧‍👦👨‍👩‍👧‍👦'],
  ])('is not %s', (_what, shown, reply) => {
    expect(isPastShown(shown, reply)).toBe(false);
  });
});

/** A publisher over a screen that somebody else may write to as well. */
function screen(text: string | undefined, { concludedLength = 0, isConcluded = false } = {}) {
  const published: string[] = [];
  const captionOf = (shown: string) => ({ text: shown, concludedLength, tally: undefined });
  let now: ShownTranslation = { revision: 4, caption: text === undefined ? undefined : captionOf(text) };
  const pending = {
    preview(_slot: object, body: { text: string }, knownRevision: number): Promise<PreviewResult> {
      if (knownRevision !== now.revision) return Promise.resolve({ status: 'overtaken', shown: now });
      published.push(body.text);
      now = { revision: knownRevision + 1, caption: captionOf(body.text) };
      return Promise.resolve({ status: 'published', revision: now.revision });
    },
  };
  const publisher = new PreviewPublisher({
    pending,
    segmentTarget: { sessionId: 's', segmentId: 1, target: 'es' },
    shown: now,
    isConcluded,
    bodyFor: (caption) => ({
      v: 1,
      language: 'en',
      receivedAtMs: 1,
      type: 'partial',
      segmentId: 1,
      targetLanguage: 'es',
      ...caption,
      queueMs: 0,
      engineMs: 0,
    }),
  });
  const come = async (reply: string): Promise<void> => {
    publisher.progress(reply);
    await jest.advanceTimersByTimeAsync(150);
  };
  return {
    published,
    publisher,
    come,
    showElsewhere: (other: string) => (now = { revision: 9, caption: captionOf(other) }),
  };
}

const words = Array.from({ length: 60 }, (_, index) => `palabra${index}`);
const beginnings = words.map((_, index) => words.slice(0, index + 1).join(' '));
const lengths = (texts: readonly string[]): number[] => texts.map(({ length }) => length);

describe('I37: the previews of a long final', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('begin past the partial that is shown', async () => {
    const { published, come } = screen('x'.repeat(229));
    for (const beginning of beginnings) await come(beginning);
    expect(published.length).toBeGreaterThan(5);
    expect(published[0]?.length).toBeGreaterThan(229);
    expect(published[0]?.length).toBeLessThan(260);
    expect(lengths(published)).toEqual(lengths(published).toSorted((one, other) => one - other));
  });

  it('go on from the partial that they extend', async () => {
    const { published, come } = screen(beginnings[20]);
    for (const beginning of beginnings) await come(beginning);
    expect(published[0]).toBe(beginnings[21]);
  });

  it('begin with the second piece where nothing was shown', async () => {
    const { published, come } = screen(undefined);
    for (const beginning of beginnings) await come(beginning);
    expect(published[0]).toBe(beginnings[1]);
  });

  it('show nothing of a second call before it is past the first', async () => {
    const { published, come } = screen(undefined);
    for (const beginning of beginnings.slice(0, 30)) await come(beginning);
    const shown = published.at(-1) ?? '';
    for (const beginning of beginnings) await come(`Otra vez: ${beginning}`);
    expect(lengths(published).every((length, index, all) => length > (all[index - 1] ?? 0))).toBe(true);
    expect(published.find((text) => text.startsWith('Otra'))?.length).toBeGreaterThan(shown.length);
  });

  it('show nothing before it is past what another worker has shown since', async () => {
    const { published, come, showElsewhere } = screen(undefined);
    showElsewhere('y'.repeat(300));
    for (const beginning of beginnings) await come(beginning);
    expect(published[0]?.length).toBeGreaterThan(300);
  });

  it('take together as much as some tens of the whole text, however many pieces it comes in', async () => {
    const { published, come } = screen(undefined);
    for (let length = 1; length <= 8000; length += 4) await come('x'.repeat(length));
    const characters = lengths(published).reduce((sum, length) => sum + length, 0);
    expect(characters).toBeLessThan(40 * 8000);
  });
});
