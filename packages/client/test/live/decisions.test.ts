import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage, type ServerMessage } from '@parley/protocol';
import {
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  UnreadableFrameError,
} from '../../src/index.ts';
import { backoffMs } from '../../src/live/backoff.ts';
import { ListenerState } from '../../src/live/listener-state.ts';
import { isFinal } from '../../src/live/is-final.ts';

const closedWith = (code: number): Error => new ConnectionClosedError(code, '');

describe('coming back', () => {
  it.each([
    ['a cut connection', closedWith(1006), false],
    ['an edge that goes away', closedWith(closeCodes.goingAway), false],
    ['reading too slowly', closedWith(closeCodes.slowConsumer), false],
    ['a wrong token', closedWith(closeCodes.badResumeToken), true],
    ['a quota', closedWith(closeCodes.overQuota), true],
    ['another connection', closedWith(closeCodes.takenOver), true],
    ['an end', closedWith(closeCodes.ended), true],
    ['another protocol', new ConnectionClosedError(1006, '', { cause: new UnreadableFrameError('?') }), true],
    ['nobody there', new ConnectionRefusedError('', undefined), false],
    ['a server that is not ready', new ConnectionRefusedError('', 503), false],
    ['a wrong key', new ConnectionRefusedError('', 401), true],
    ['Redis away', new ServerError(errorMessage('temporarily-unavailable', '')), false],
    ['an unknown join code', new ServerError(errorMessage('join-code-unknown', '')), true],
    ['no answer', new DeadlineError('answer', 1), false],
  ])('after %s', (_what, error, final) => {
    expect(isFinal(error)).toBe(final);
  });

  it('waits longer each time, up to a bound, and never all at once', () => {
    const backoff = { firstMs: 100, maxMs: 1000 };
    expect([0, 1, 2, 3, 4, 5000].map((failures) => backoffMs(failures, backoff, 1))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    expect(backoffMs(3, backoff, 0.25)).toBe(200);
    expect(backoffMs(3, backoff, 0)).toBe(0);
  });
});

describe('what a listener asks for', () => {
  const options = { joinCode: 'J', targetLanguages: ['es', 'en'] };
  const joined: ServerMessage = {
    type: 'session.joined',
    sessionId: 's1',
    sourceLanguage: 'en',
    offset: 500,
    recovered: true,
  };
  const source = (segmentId: number, offset: number): ServerMessage => ({
    type: 'transcript.final',
    segmentId,
    text: 'x',
    language: 'en',
    offset,
  });

  it('is the newest at first, and afterwards what came since it joined', () => {
    const hearing = new ListenerState(options);
    expect(hearing.opening()).not.toHaveProperty('offset');
    hearing.received(joined);
    expect(hearing.opening()).toMatchObject({ ...options, offset: 500 });
    hearing.received(joined);
    hearing.received(source(1, 490));
    expect(hearing.opening()).toMatchObject({ offset: 490 });
    hearing.received(source(2, 510));
    expect(hearing.opening()).toMatchObject({ offset: 510 });
  });

  it('is the offset that was given, until something was delivered', () => {
    const hearing = new ListenerState({ ...options, offset: 0 });
    hearing.received(joined);
    expect(hearing.opening()).toMatchObject({ offset: 0 });
  });

  it('comes once each, since the speaker may have had to repeat it', () => {
    const hearing = new ListenerState(options);
    expect(hearing.received(source(1, 510))).toBe(true);
    expect(hearing.received(source(1, 520))).toBe(false);
    const partial = { type: 'transcript.partial', segmentId: 1, revision: 1, text: 'x', language: 'en' } as const;
    expect(hearing.received(partial)).toBe(false);
    expect(hearing.received({ ...partial, segmentId: 2 })).toBe(true);
    expect(hearing.received({ ...partial, segmentId: 2 })).toBe(false);
    expect(hearing.opening()).toMatchObject({ offset: 520 });
  });
});
