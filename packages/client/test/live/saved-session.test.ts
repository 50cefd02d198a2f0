import { describe, expect, it } from '@jest/globals';
import { closeCodes } from '@parley/protocol';
import { ConnectionClosedError, resumeLiveSession, ServerError, startLiveSession } from '../../src/index.ts';
import type { SavedSession } from '../../src/index.ts';
import { ended, started, startScriptedEdge } from '../scripted-edge.ts';
import { accepted, respondTo, resumed, sessionOptions, startLiveEdge, translated } from './live-edge.ts';

const { backoff, ...start } = sessionOptions;
const saved: SavedSession = { started, offset: 105, start, finals: [] };
/** As it comes back from a storage. */
const stored = (state: SavedSession | undefined): SavedSession => JSON.parse(JSON.stringify(state)) as SavedSession;

describe('a saved session', () => {
  it('goes on in another client, which sends what the server lacks and delivers the rest', async () => {
    await using first = await startScriptedEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': ({ segmentId }, { send }) => {
          if (segmentId < 3) send(accepted(segmentId));
          if (segmentId < 2) send(translated(segmentId, 105));
        },
      }),
    );
    const before = await startLiveSession({ ...sessionOptions, urls: [first.url] });
    before.update({ targetLanguages: ['es', 'ca'] });
    before.update({ targetLanguages: ['es'] });
    before.update({ paused: false });
    const heard = new Promise((resolve) => before.on('translation.final', resolve));
    await Promise.all([1, 2].map((segmentId) => before.sendFinal({ segmentId, text: `text ${segmentId}` })));
    const lost = before.sendFinal({ segmentId: 3, text: 'text 3' });
    await heard;
    const state = stored(before.saved());
    await Promise.all([expect(lost).rejects.toBeInstanceOf(ConnectionClosedError), before.close()]);

    await using second = await startScriptedEdge(
      respondTo({
        'session.resume': (_message, { send }) => {
          send(resumed({ accepted: [2], missing: [3] }));
          send(translated(2, 108));
        },
        'transcript.final': ({ segmentId }, { send }) => {
          send(accepted(segmentId));
          send(translated(segmentId, 111));
        },
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    const heardAfter: number[] = [];
    const after = await resumeLiveSession({
      saved: state,
      urls: [second.url],
      on: { 'translation.final': ({ segmentId }) => heardAfter.push(segmentId) },
    });
    expect(after.started).toMatchObject({ joinCode: 'J', sessionId: 's1' });
    await after.sendFinal({ segmentId: 4, text: 'text 4' });
    expect(after.saved()?.started.resumeToken).toBe('R2');
    await after.end();
    expect(after.saved()).toMatchObject({ offset: 111, finals: [] });
    expect(heardAfter).toEqual([2, 3, 4]);
    expect(second.received).toMatchObject([
      { type: 'session.resume', sessionId: 's1', resumeToken: 'R', offset: 105, held: [2, 3] },
      { type: 'session.update', targetLanguages: ['es'] },
      { type: 'session.update', paused: false },
      { type: 'transcript.final', segmentId: 3, text: 'text 3' },
      { type: 'transcript.final', segmentId: 4 },
      { type: 'session.end' },
    ]);
  });

  it('has the newest token before another message makes it the only valid one', async () => {
    await using edge = await startLiveEdge(respondTo({ 'session.resume': (_message, { send }) => send(resumed()) }));
    await using live = await resumeLiveSession({ saved, urls: [edge.url] });
    const tokens: unknown[] = [];
    live.on('sent', ({ type }) => tokens.push(type, live.saved()?.started.resumeToken));
    live.sendPartial({ segmentId: 1, revision: 0, text: 'one' });
    expect(tokens).toEqual(['transcript.partial', 'R2']);
  });

  it('asks a function for a key before each attempt to connect', async () => {
    const keys: unknown[] = [];
    await using edge = await startScriptedEdge(
      respondTo({ 'session.resume': (_message, { send }) => send(resumed()) }),
      ({ headers }) => {
        keys.push(headers.authorization);
        return keys.length === 1 ? { status: 503, body: 'starting' } : undefined;
      },
    );
    const apiKey = (): string => `key-${keys.length + 1}`;
    await using live = await resumeLiveSession({ saved, urls: [edge.url], apiKey, backoff });
    expect(live.started.sessionId).toBe('s1');
    expect(keys).toEqual(['Bearer key-1', 'Bearer key-2']);
  });

  it('that the server no longer knows is an error and starts no other session', async () => {
    const error = { type: 'error', code: 'session-unknown', message: 'gone', retryable: false } as const;
    await using edge = await startLiveEdge(
      respondTo({ 'session.resume': ({ id }, { send }) => send({ ...error, ...(id && { causedBy: id }) }) }),
    );
    const finals = [{ transcript: { segmentId: 1, text: 'one' }, targetLanguages: ['es'], isAccepted: false }];
    const resuming = resumeLiveSession({ saved: { ...saved, finals }, urls: [edge.url], backoff });
    await expect(resuming).rejects.toBeInstanceOf(ServerError);
    expect(edge.received.map(({ type }) => type)).toEqual(['session.resume']);
  });

  it('whose token is too old is an error as well', async () => {
    await using edge = await startLiveEdge(
      respondTo({ 'session.resume': (_message, { socket }) => socket.close(closeCodes.badResumeToken) }),
    );
    const resuming = resumeLiveSession({ saved, urls: [edge.url], backoff });
    await expect(resuming).rejects.toMatchObject({ closeCode: closeCodes.badResumeToken });
    expect(edge.received).toHaveLength(1);
  });
});
