import { describe, expect, it } from '@jest/globals';
import { closeCodes, degradedReasonSchema, errorCodes } from '@parley/protocol';
import { closeWords, degradedWords, errorWords, wordsForDegraded, wordsForError } from '../public/words.js';

describe('the messages of the page', () => {
  it('I35: exist for exactly the error codes, degradation reasons and close codes', () => {
    expect(Object.keys(errorWords).sort()).toEqual(Object.keys(errorCodes).sort());
    expect(Object.keys(degradedWords).sort()).toEqual([...degradedReasonSchema.options].sort());
    expect(Object.keys(closeWords).map(Number)).toEqual(Object.values(closeCodes).sort((one, other) => one - other));
  });

  it('I35: are short sentences without codes', () => {
    const all = [...Object.values(errorWords), ...Object.values(degradedWords), ...Object.values(closeWords)];
    const codes = Object.keys(errorCodes).filter((code) => code.includes('-'));
    for (const words of all) {
      expect(words).toMatch(/^[A-Z].*[.]$/);
      expect(words.length).toBeLessThan(100);
      for (const code of [...codes, ...degradedReasonSchema.options]) {
        if (code.includes('-')) expect(words).not.toContain(code);
      }
    }
  });

  it("I35: never contain the server's messages for developers", () => {
    const message = 'the engine has failed too often; next call in 6871 ms';
    const told = [...Object.keys(errorCodes), 'a-code-of-tomorrow'].map((code) => wordsForError({ code, message }));
    for (const words of told) expect(words).not.toMatch(/\d|next call/);
    expect(wordsForError({ code: 'a-code-of-tomorrow', message })).toBe('Something went wrong on the server.');
    expect(wordsForError({ code: '__proto__', message: 'm' })).not.toContain('object');
  });

  it('name the field that the user has filled in', () => {
    const words = wordsForError({ code: 'invalid-field', param: 'targetLanguages.1' });
    expect(words).toContain('one of the languages to translate into');
  });

  it('list all current reasons', () => {
    expect(wordsForDegraded([])).toBe('');
    expect(wordsForDegraded(['overloaded', 'over-budget'])).toBe(
      `${degradedWords['overloaded'] ?? ''} ${degradedWords['over-budget'] ?? ''}`,
    );
    expect(wordsForDegraded(['a-reason-of-tomorrow'])).toBe('Captions come more slowly at the moment.');
  });
});
