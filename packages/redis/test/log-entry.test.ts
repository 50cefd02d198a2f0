import { describe, expect, it } from '@jest/globals';
import { logEntrySchema, readShown } from '../src/log/log-entry.ts';
import { metadata, stabilityCounts, translatedPartial } from './fixture.ts';

const stored = (more: object): string => JSON.stringify({ ...translatedPartial(1, 'es', 'hola 👋 a'), ...more });

describe('a partial that was shown', () => {
  it.each([
    ['nothing concluded', {}, 0],
    ['its beginning concluded', { concludedLength: 4 }, 4],
    ['half of a surrogate pair concluded', { concludedLength: 6 }, 5],
    ['more than its text concluded', { concludedLength: 50 }, 9],
    ['less than nothing concluded', { concludedLength: -1 }, 0],
  ])('is read with %s', (_what, more, concludedLength) => {
    expect(readShown(stored(more))).toEqual({ text: 'hola 👋 a', concludedLength, tally: undefined });
  });

  it('is unknown if there is none, or none that this version can read', () => {
    const transcript = { ...metadata, type: 'partial-transcript', segmentId: 1, text: 'hello' };
    for (const json of ['', '{}', stored({ v: 2 }), JSON.stringify(transcript)])
      expect(readShown(json)).toBeUndefined();
  });
});

describe('the end of a session', () => {
  const usage = { segments: 1, translations: 2, cached: 0, tokens: 7 };

  it.each([
    ['without stability counts, from an earlier version', {}, {}],
    ['with stability counts', { stability: stabilityCounts }, { stability: stabilityCounts }],
    [
      'with an unknown field, from a later version',
      { stability: { ...stabilityCounts, more: 1 }, more: 1 },
      { stability: stabilityCounts },
    ],
  ])('is read %s', (_what, more, read) => {
    const entry = { v: 1, type: 'ended', usage };
    expect(logEntrySchema.parse({ ...entry, ...more })).toStrictEqual({ ...entry, ...read });
  });
});
