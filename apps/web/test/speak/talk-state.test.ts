import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/client';
import { audienceText, isLoopbackHost } from '../../src/speak/audience/audience-text.ts';
import { statusOf } from '../../src/speak/talk/status-texts.ts';
import { TargetChanges } from '../../src/speak/talk/target-changes.ts';
import { joinAccessAfter } from '../../src/speak/talk/join-access.ts';
import { newTalkState, stateAfter, type TalkState } from '../../src/speak/talk/talk-state.ts';
import { viewOf } from '../../src/speak/views.ts';

const limits = { maxFrameBytes: 1, maxTextChars: 1, maxTargetLanguages: 1 };
const started = {
  type: 'session.started',
  sessionId: 's',
  joinCode: 'J',
  resumeToken: 'R',
  offset: 1,
  limits,
} as const;
const initial = newTalkState({ sourceLanguage: 'en', targetLanguages: ['es'], room: '' });
const after = (...messages: ServerMessage[]): TalkState => messages.reduce(stateAfter, initial);
const listeners: ServerMessage = {
  type: 'session.listeners',
  listeners: 2,
  languages: [{ language: 'es', listeners: 2 }],
};

describe('the state of a talk', () => {
  it('has the code of the session, also while the door is closed', () => {
    expect(after(started)).toMatchObject({ sessionId: 's', joinAccess: { joinCode: 'J', isClosed: false } });
    const closed = joinAccessAfter(after(started).joinAccess, { type: 'session.updated' });
    expect(closed).toEqual({ joinCode: 'J', isClosed: true });
    expect(joinAccessAfter(closed, { type: 'session.updated', joinCode: 'K' })).toEqual({
      joinCode: 'K',
      isClosed: false,
    });
    expect(joinAccessAfter(closed, { ...started, joinCodeClosed: true })).toEqual({ joinCode: 'J', isClosed: true });
    expect(joinAccessAfter(closed, { type: 'pong' })).toBe(closed);
  });

  it('knows that a newer talk has the standing link', () => {
    const taken: ServerMessage = { type: 'notice', code: 'room-taken', message: '' };
    expect(after(started).isRoomTaken).toBe(false);
    expect(after(started, taken, { type: 'notice', code: 'field-ignored', message: '' }).isRoomTaken).toBe(true);
    expect(after(started, taken, started).isRoomTaken).toBe(false);
  });

  it('knows pauses, listeners and reasons of reduced service', () => {
    expect(after(started, { type: 'session.paused' }).isPaused).toBe(true);
    expect(after(started, { type: 'session.paused' }, { type: 'session.unpaused' }).isPaused).toBe(false);
    expect(after(started, listeners).audience).toEqual({ listeners: 2, languages: [{ language: 'es', listeners: 2 }] });
    const degraded = { type: 'session.degraded', reason: 'overloaded' } as const;
    expect(after(started, degraded, degraded).degraded).toEqual(['overloaded']);
    expect(after(started, degraded, { type: 'session.recovered', reason: 'overloaded' }).degraded).toEqual([]);
  });

  it('learns anew after a resume what still applies', () => {
    const resumed = { sessionId: 's', offset: 1, recovered: true, accepted: [], missing: [], resumeToken: 'R' };
    const degraded = { type: 'session.degraded', reason: 'overloaded' } as const;
    expect(after(started, listeners, degraded, { type: 'session.resumed', ...resumed })).toMatchObject({
      audience: undefined,
      degraded: [],
    });
  });

  it('does not change with other messages', () => {
    const state = after(started);
    expect(stateAfter(state, { type: 'pong' })).toBe(state);
  });

  it.each([
    [undefined, 'Not started', 'setup'],
    [{ ...initial, phase: 'live' } as const, 'On air', 'talk'],
    [{ ...initial, phase: 'live', isPaused: true } as const, 'Paused', 'talk'],
    [{ ...initial, phase: 'reconnecting' } as const, 'Reconnecting … nothing is lost', 'talk'],
    [{ ...initial, phase: 'lost' } as const, 'Not connected', 'lost'],
    [{ ...initial, phase: 'ended' } as const, 'Ended', 'ended'],
  ])('is told in words and shown in a view: %#', (state, words, view) => {
    expect(statusOf(state).words).toBe(words);
    expect(viewOf(state?.phase)).toBe(view);
  });
});

describe('changes of the target languages', () => {
  it('are taken back when the server refuses them, with those after them', () => {
    const changes = new TargetChanges(['es']);
    changes.request('1', ['es', 'ca']);
    changes.request('2', ['es', 'ca', 'xx']);
    changes.request('3', ['ca', 'xx']);
    expect(changes.refuse('9')).toBeUndefined();
    expect(changes.refuse(undefined)).toBeUndefined();
    expect(changes.refuse('2')).toEqual(['es', 'ca']);
    expect(changes.refuse('3')).toBeUndefined();
    expect(changes.current).toEqual(['es', 'ca']);
  });
});

describe('the words about the audience', () => {
  const nameOf = (tag: string): string => ({ es: 'Español', ca: 'Català', ar: 'العربية' })[tag] ?? tag;

  it.each([
    [undefined, 'Nobody is listening yet.'],
    [{ listeners: 0, languages: [] }, 'Nobody is listening yet.'],
    [{ listeners: 1, languages: [{ language: 'es', listeners: 1 }] }, '1 person is listening: Español\u00a01'],
    [
      {
        listeners: 3,
        languages: [
          { language: 'ca', listeners: 1 },
          { language: 'es', listeners: 2 },
        ],
      },
      '3 people are listening: Español\u00a02, Català\u00a01',
    ],
    // The mark keeps the number behind the name.
    [{ listeners: 1, languages: [{ language: 'ar', listeners: 1 }] }, '1 person is listening: العربية\u200e\u00a01'],
  ])('are right for %j', (audience, words) => {
    expect(audienceText(audience, nameOf)).toBe(words);
  });

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['192.168.1.5', false],
    ['captions.example', false],
  ])('know whether other devices can reach %s', (host, isLocal) => {
    expect(isLoopbackHost(host)).toBe(isLocal);
  });
});
