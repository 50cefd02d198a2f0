import { ConnectionClosedError, ConnectionRefusedError, DeadlineError, ServerError } from '@parley/client';
import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { isGone, textForListener } from '../../src/listen/listening-failures.ts';
import { TalkProgress } from '../../src/listen/talk-progress.ts';
import { mayCaptionsCome, textForTalk } from '../../src/listen/talk-status.ts';
import { isTemporary } from '../../src/page/temporary-failure.ts';

const joined = (sessionId: string): ServerMessage => ({
  type: 'session.joined',
  sessionId,
  sourceLanguage: 'en',
  offset: 1,
  recovered: true,
});
const ended: ServerMessage = {
  type: 'session.ended',
  usage: { segments: 0, translations: 0, cached: 0, tokens: 0 },
};
const received = (...messages: readonly object[]): TalkProgress => {
  const progress = new TalkProgress();
  for (const message of messages) progress.receive(message as ServerMessage);
  return progress;
};

describe('the progress of a talk', () => {
  it('is live once it is joined, until it ends', () => {
    expect(received()).toMatchObject({ hasJoined: false, isUnderWay: false });
    expect(received(joined('s1'))).toMatchObject({ hasJoined: true, isUnderWay: true, state: { kind: 'live' } });
    expect(received(joined('s1'), ended)).toMatchObject({ hasJoined: true, isUnderWay: false });
  });

  it('is not live again if the same talk is joined after its end, but if another one is', () => {
    expect(received(joined('s1'), ended, joined('s1')).isUnderWay).toBe(false);
    expect(received(joined('s1'), ended, joined('s2')).isUnderWay).toBe(true);
  });

  it('pauses and goes on; a pause outlasts a loss, but a new listener hears of it anew', () => {
    const paused = { type: 'session.paused' };
    expect(received(joined('s1'), paused).state).toEqual({ kind: 'paused' });
    expect(received(joined('s1'), paused, { type: 'session.unpaused' }).state).toEqual({ kind: 'live' });
    const back = received(joined('s1'), paused, joined('s1'));
    expect(back.state).toEqual({ kind: 'paused' });
    back.joining();
    expect(back.state).toEqual({ kind: 'live' });
  });

  it('knows why there is less', () => {
    const degraded = { type: 'session.degraded', reason: 'overloaded' };
    expect(received(joined('s1'), degraded).degraded).toEqual(['overloaded']);
    expect(received(joined('s1'), degraded, { ...degraded, type: 'session.recovered' }).degraded).toEqual([]);
    expect(received(joined('s1'), degraded, joined('s1')).degraded).toEqual([]);
  });
});

describe('the words for a talk', () => {
  const shown = { hasCaptions: true, degraded: [] };
  it('are none while captions come', () => {
    expect(textForTalk({ kind: 'live' }, shown)).toBe('');
    expect(textForTalk({ kind: 'live' }, { ...shown, hasCaptions: false })).toContain('when somebody speaks');
    expect(textForTalk({ kind: 'live' }, { ...shown, degraded: ['overloaded'] })).toContain('captions come late');
  });

  it.each([
    ['connecting', 'Connecting', false],
    ['waiting', 'has not begun yet', true],
    ['paused', 'paused', false],
    ['reconnecting', 'Reconnecting', true],
    ['ended', 'has ended.', false],
    ['awaiting-next', 'The next one will start here by itself', true],
    ['unknown-code', 'no talk with this code', false],
    ['too-many-tries', 'goes on by itself in a minute', false],
    ['out-of-reach', 'lets nobody join', false],
  ] as const)('of the state %s contain: %s', (kind, words, isAwake) => {
    expect(textForTalk({ kind }, shown)).toContain(words);
    expect(mayCaptionsCome({ kind })).toBe(isAwake);
  });

  it('are those of a failure', () => {
    expect(textForTalk({ kind: 'failed', words: 'Too many.' }, shown)).toBe('Too many.');
  });
});

describe('a failure', () => {
  it('because of the language of a link does not ask a reader for a tag', () => {
    const error = { type: 'error', code: 'invalid-field', message: 'm', retryable: false } as const;
    expect(textForListener(new ServerError({ ...error, param: 'targetLanguages.0' }))).toBe(
      'This talk is not offered in that language.',
    );
    expect(textForListener(new ServerError({ ...error, param: 'offset' }))).toContain('Reload it.');
  });

  const refused = (status: number | undefined) => new ConnectionRefusedError('m', status);
  const replied = (code: 'join-code-unknown' | 'language-not-offered' | 'temporarily-unavailable') =>
    new ServerError({ type: 'error', code, message: 'm', retryable: code === 'temporarily-unavailable' });
  it.each([
    ['nobody there', refused(undefined), { temporary: true, gone: false }],
    ['too early', refused(425), { temporary: true, gone: false }],
    ['an unknown code', refused(401), { temporary: false, gone: true }],
    ['not permitted', refused(403), { temporary: false, gone: false }],
    ['the end', new ConnectionClosedError(1000, ''), { temporary: false, gone: true }],
    ['another close', new ConnectionClosedError(4413, ''), { temporary: false, gone: false }],
    ['a deadline', new DeadlineError('x', 1), { temporary: true, gone: false }],
    ['a lost session', replied('join-code-unknown'), { temporary: false, gone: true }],
    ['another error', replied('language-not-offered'), { temporary: false, gone: false }],
    ['an error that passes', replied('temporarily-unavailable'), { temporary: true, gone: false }],
    ['a bug', new TypeError('x'), { temporary: false, gone: false }],
  ])('is judged: %s', (_what, error, expected) => {
    expect({ temporary: isTemporary(error), gone: isGone(error) }).toEqual(expected);
  });
});
