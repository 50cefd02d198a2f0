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
import { isPermanent } from '../../src/live/session-errors.ts';

const closedWith = (code: number): Error => new ConnectionClosedError(code, '');

describe('reconnecting', () => {
  it.each([
    ['a cut connection', closedWith(1006), false],
    ['an edge that goes away', closedWith(closeCodes.goingAway), false],
    ['reading too slowly', closedWith(closeCodes.slowConsumer), false],
    ['a wrong token', closedWith(closeCodes.badResumeToken), true],
    ['a quota', closedWith(closeCodes.overQuota), true],
    ['another connection', closedWith(closeCodes.takenOver), true],
    ['an end', closedWith(closeCodes.ended), true],
    ['another protocol', new ConnectionClosedError(1006, '', { cause: new UnreadableFrameError('?') }), true],
    ['an unreachable server', new ConnectionRefusedError('', undefined), false],
    ['a server that is not ready', new ConnectionRefusedError('', 503), false],
    ['a wrong key', new ConnectionRefusedError('', 401), true],
    ['Redis away', new ServerError(errorMessage('temporarily-unavailable', '')), false],
    ['an unknown join code', new ServerError(errorMessage('join-code-unknown', '')), true],
    ['no reply', new DeadlineError('reply', 1), false],
  ])('is or is not pointless after %s', (_what, error, final) => {
    expect(isPermanent(error)).toBe(final);
  });

  it('backs off exponentially with jitter, up to a bound', () => {
    const backoff = { firstMs: 100, maxMs: 1000 };
    expect([0, 1, 2, 3, 4, 5000].map((failures) => backoffMs(failures, backoff, 1))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    expect(backoffMs(3, backoff, 0.25)).toBe(200);
    expect(backoffMs(3, backoff, 0)).toBe(0);
  });
});

describe('ListenerState', () => {
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

  it('requests no offset at first, then everything since it joined', () => {
    const listener = new ListenerState(options);
    expect(listener.openingMessage()).not.toHaveProperty('offset');
    listener.handleMessage(joined);
    expect(listener.openingMessage()).toMatchObject({ ...options, offset: 500 });
    listener.handleMessage(joined);
    listener.handleMessage(source(1, 490));
    expect(listener.openingMessage()).toMatchObject({ offset: 490 });
    listener.handleMessage(source(2, 510));
    expect(listener.openingMessage()).toMatchObject({ offset: 510 });
  });

  it('requests the given offset until something is delivered', () => {
    const listener = new ListenerState({ ...options, offset: 0 });
    listener.handleMessage(joined);
    expect(listener.openingMessage()).toMatchObject({ offset: 0 });
  });

  it('delivers each message once, even if the speaker had to repeat it', () => {
    const listener = new ListenerState(options);
    expect(listener.handleMessage(source(1, 510))).toBe(true);
    expect(listener.handleMessage(source(1, 520))).toBe(false);
    const partial = { type: 'transcript.partial', segmentId: 1, revision: 1, text: 'x', language: 'en' } as const;
    expect(listener.handleMessage(partial)).toBe(false);
    expect(listener.handleMessage({ ...partial, segmentId: 2 })).toBe(true);
    expect(listener.handleMessage({ ...partial, segmentId: 2 })).toBe(false);
    expect(listener.openingMessage()).toMatchObject({ offset: 520 });
  });
});
