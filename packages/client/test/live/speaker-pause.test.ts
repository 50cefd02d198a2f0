import { describe, expect, it } from '@jest/globals';
import { errorMessage } from '@parley/protocol';
import type { SpeakerState } from '../../src/live/speaker-state.ts';
import { started } from '../scripted-edge.ts';
import { accept, resumed, sendFinal, startedSpeaker } from './speaker-fixture.ts';

const paused = { type: 'session.update', paused: true };
const unpaused = { type: 'session.update', paused: false };

/** A speaker that has paused. */
function pausedSpeaker(): SpeakerState {
  const speaker = startedSpeaker();
  expect(speaker.update({ paused: true }).send).toMatchObject([paused]);
  return speaker;
}

describe('SpeakerState with a pause', () => {
  it('pauses once every final is accepted, and goes on before the next one', () => {
    const speaker = startedSpeaker();
    for (const segmentId of [1, 2]) sendFinal(speaker, segmentId);
    const { id, send } = speaker.update({ paused: true });
    expect(send).toEqual([]);
    expect(speaker.handleMessage(accept(1)).send).toEqual([]);
    expect(speaker.handleMessage(accept(2)).send).toEqual([{ ...paused, id }]);
    expect(speaker.update({ paused: false }).send).toMatchObject([unpaused]);
    expect(sendFinal(speaker, 3)).toBeDefined();
  });

  it('sends other options of the same update at once', () => {
    const speaker = startedSpeaker();
    sendFinal(speaker, 1);
    const { id, send } = speaker.update({ paused: true, context: 'x' });
    expect(send).toEqual([{ type: 'session.update', id, context: 'x' }]);
    expect(speaker.handleMessage(accept(1)).send).toMatchObject([paused]);
  });

  it('does not send what is said meanwhile', () => {
    const speaker = pausedSpeaker();
    expect(speaker.addPartial({ segmentId: 1, revision: 0, text: 'x' })).toBeUndefined();
    expect(speaker.refuses({ segmentId: 1, text: 'x' })).toBe(true);
    expect(speaker.update({ paused: false }).send).toMatchObject([unpaused]);
    expect(speaker.refuses({ segmentId: 1, text: 'x' })).toBe(false);
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed()).send).toMatchObject([unpaused]);
  });

  it('drops the open partial, which a paused session would not show', () => {
    const speaker = startedSpeaker();
    speaker.addPartial({ segmentId: 1, revision: 0, text: 'x' });
    speaker.update({ paused: true });
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed()).send).toMatchObject([paused]);
  });

  it('after a reconnect, sends what the server lacks before it pauses again', () => {
    const speaker = startedSpeaker();
    sendFinal(speaker, 1);
    speaker.update({ paused: true });
    speaker.openingMessage();
    expect(speaker.handleMessage(resumed({ missing: [1] })).send).toMatchObject([{ segmentId: 1 }]);
    expect(speaker.handleMessage(accept(1)).send).toMatchObject([paused]);
  });

  it('pauses a new session that replaces a lost one', () => {
    const speaker = pausedSpeaker();
    expect(speaker.handleMessage(errorMessage('session-unknown', 'gone'))).toMatchObject({ reopen: true });
    expect(speaker.openingMessage()).not.toHaveProperty('paused');
    expect(speaker.handleMessage({ ...started, sessionId: 's2' }).send).toMatchObject([paused]);
  });

  it('repeats a pause, and its end, that the server could not handle', () => {
    const speaker = startedSpeaker();
    for (const [isPaused, message] of [[true, paused] as const, [false, unpaused] as const]) {
      const { id } = speaker.update({ paused: isPaused });
      const refusal = errorMessage('temporarily-unavailable', 'away', { causedBy: id });
      expect(speaker.handleMessage(refusal)).toMatchObject({ retry: true });
      expect(speaker.resumeSending()).toMatchObject([message]);
    }
  });

  it('keeps a final that came before the end of the pause did', () => {
    const speaker = pausedSpeaker();
    const { id } = speaker.update({ paused: false });
    const final = sendFinal(speaker, 1);
    speaker.handleMessage(errorMessage('temporarily-unavailable', 'away', { causedBy: id }));
    const early = speaker.handleMessage(errorMessage('session-paused', 'paused', { causedBy: final }));
    expect(early).toMatchObject({ retry: true });
    expect(early).not.toHaveProperty('refused');
    expect(speaker.resumeSending()).toMatchObject([unpaused, { segmentId: 1 }]);
  });

  it('rejects a final that a session refuses which another client has paused', () => {
    const speaker = startedSpeaker();
    const causedBy = sendFinal(speaker, 1);
    const error = errorMessage('session-paused', 'paused', { causedBy });
    expect(speaker.handleMessage(error)).toMatchObject({ refused: { segmentId: 1 }, retry: false });
  });

  it('takes a pause back that is refused for good', () => {
    const speaker = startedSpeaker();
    const { id } = speaker.update({ paused: true });
    speaker.handleMessage(errorMessage('session-ending', 'over', { causedBy: id }));
    expect(speaker.requestedPause).toBeUndefined();
  });
});
