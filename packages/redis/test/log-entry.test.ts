import { describe, expect, it } from '@jest/globals';
import { readShown } from '../src/log/log-entry.ts';
import { metadata, translatedPartial } from './fixture.ts';

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
