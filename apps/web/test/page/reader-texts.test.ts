import { describe, expect, it } from '@jest/globals';
import { ConnectionClosedError, ConnectionRefusedError, DeadlineError, ServerError } from '@parley/client';
import { closeCodes, degradedReasonSchema, errorCodes } from '@parley/protocol';
import {
  closeTexts,
  degradedTexts,
  errorTexts,
  textForDegraded,
  textForError,
  textForFailure,
} from '../../src/page/reader-texts.ts';

describe('the messages of the page', () => {
  it('I35: exist for exactly the error codes, degradation reasons and close codes', () => {
    expect(Object.keys(errorTexts).sort()).toEqual(Object.keys(errorCodes).sort());
    expect(Object.keys(degradedTexts).sort()).toEqual([...degradedReasonSchema.options].sort());
    expect(Object.keys(closeTexts).map(Number)).toEqual(Object.values(closeCodes).sort((one, other) => one - other));
  });

  it('I35: are short sentences without codes', () => {
    const all = [...Object.values(errorTexts), ...Object.values(degradedTexts), ...Object.values(closeTexts)];
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
    const told = [...Object.keys(errorCodes), 'a-code-of-tomorrow'].map((code) => textForError({ code, message }));
    for (const words of told) expect(words).not.toMatch(/\d|next call/);
    expect(textForError({ code: 'a-code-of-tomorrow', message })).toBe('Something went wrong on the server.');
    expect(textForError({ code: '__proto__', message: 'm' })).not.toContain('object');
  });

  it('name the field that the user has filled in', () => {
    const words = textForError({ code: 'invalid-field', param: 'targetLanguages.1' });
    expect(words).toContain('one of the languages to translate into');
  });

  it('list all current reasons', () => {
    expect(textForDegraded([])).toBe('');
    expect(textForDegraded(['overloaded', 'over-budget'])).toBe(
      `${degradedTexts['overloaded'] ?? ''} ${degradedTexts['over-budget'] ?? ''}`,
    );
    expect(textForDegraded(['a-reason-of-tomorrow'])).toBe('Captions come more slowly at the moment.');
  });
  it.each([
    [new ConnectionRefusedError('GET /x said 429', 429), 'Too many people are connected, or too many wrong codes'],
    [new ConnectionRefusedError("can't connect to ws://10.0.0.7", undefined), 'The server cannot be reached'],
    [new ConnectionRefusedError('HTTP 418', 418), 'The server cannot be reached'],
    [new ConnectionClosedError(4409, 'taken over by c17'), 'This session goes on elsewhere.'],
    [new ConnectionClosedError(4999, 'a code of tomorrow'), 'The server has closed the connection.'],
    [new DeadlineError('session.joined', 30_000), 'The server cannot be reached'],
    [new TypeError('x is not a function'), 'Something went wrong on the server.'],
    [
      new ServerError({ type: 'error', code: 'join-code-unknown', message: 'no session', retryable: false }),
      'There is no talk with this code.',
    ],
  ])('I35: say why a session is given up: %s', (error, words) => {
    expect(textForFailure(error)).toContain(words);
    expect(textForFailure(error)).not.toContain(error.message);
  });
});
