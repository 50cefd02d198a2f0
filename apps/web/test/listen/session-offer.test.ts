import { describe, expect, it } from '@jest/globals';
import { offerIn } from '../../src/listen/session-offer.ts';

const body = { state: 'live', sourceLanguage: 'en', languages: ['en', 'es'], furtherLanguages: 3 };

describe('what the server tells of a code', () => {
  it('is an open session with its languages', () => {
    const { sourceLanguage, languages, furtherLanguages } = body;
    const open = { state: 'open', sourceLanguage, languages, furtherLanguages };
    expect(offerIn(200, body)).toEqual({ ...open, isRoom: false });
    expect(offerIn(200, { ...body, room: 'sunday' })).toEqual({ ...open, isRoom: true });
    expect(offerIn(200, { ...body, languages: ['es'], furtherLanguages: undefined })).toEqual({
      ...open,
      furtherLanguages: 0,
      isRoom: false,
    });
  });

  it.each([
    [425, { error: { code: 'not-started' } }, 'not-started'],
    [404, { error: { code: 'join-code-unknown' } }, 'unknown-code'],
    [404, undefined, 'unknown-code'],
    [429, undefined, 'too-many-tries'],
    [503, undefined, 'unavailable'],
    [200, undefined, 'unavailable'],
    [200, null, 'unavailable'],
    [200, { ...body, languages: 'es' }, 'unavailable'],
    [200, { ...body, languages: Array(201).fill('es') as string[] }, 'unavailable'],
    [200, { ...body, sourceLanguage: 7 }, 'unavailable'],
  ])('%d with %j means: %s', (status, given, state) => {
    expect(offerIn(status, given)).toEqual({ state });
  });
});
