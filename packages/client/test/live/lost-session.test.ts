import { describe, expect, it } from '@jest/globals';
import { closeCodes, errorMessage } from '@parley/protocol';
import { ConnectionClosedError, ServerError, startLiveSession } from '../../src/index.ts';
import { started } from '../scripted-edge.ts';
import { accepted, respondTo, closedOf, resumed, sessionOptions, startLiveEdge } from './live-edge.ts';

describe('a live session that the server has lost', () => {
  it('starts a new session with its pending finals if the session is unknown', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({
        'session.resume': ({ id }, { send }) => send(errorMessage('session-unknown', 'gone', { causedBy: id })),
        'session.start': (_message, { send }) => send({ ...started, sessionId: 's2', joinCode: 'J2' }),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(live.started.joinCode).toBe('J2');
    expect(edge.received.map(({ type }) => type)).toEqual([
      'session.start',
      'transcript.final',
      'session.resume',
      'session.start',
      'transcript.final',
    ]);
  });

  it('starts one new session, whichever messages the lost one is named for', async () => {
    const ids: (string | undefined)[] = [];
    let starts = 0;
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => {
          starts += 1;
          send(started);
          if (starts === 2) send(errorMessage('session-unknown', 'gone', { causedBy: ids[1] }));
        },
        'transcript.final': ({ id, segmentId }, { send }) => {
          ids.push(id);
          if (starts > 1) send(accepted(segmentId));
        },
        'session.update': ({ id }, { send }) => {
          ids.push(id);
          if (starts > 1) send({ type: 'session.updated', joinCode: 'J2' });
          else send(errorMessage('session-unknown', 'gone', { causedBy: ids[0] }));
        },
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const accepting = live.sendFinal({ segmentId: 1, text: 'one' });
    expect(await live.updateJoinCode('change')).toBe('J2');
    await accepting;
    expect(starts).toBe(2);
    expect(ids.map(Number)).toEqual([...ids].map(Number).sort((a, b) => a - b));
  });

  it.each(['session-unknown', 'session-not-started'] as const)(
    'starts a new session on the same socket if a final is refused with %s',
    async (code) => {
      let starts = 0;
      await using edge = await startLiveEdge(
        respondTo({
          'session.start': (_message, { send }) => send({ ...started, sessionId: `s${(starts += 1)}` }),
          'transcript.final': ({ id, segmentId }, { send }) => {
            if (starts === 2) send(accepted(segmentId));
            else send(errorMessage(code, 'gone', { causedBy: id }));
          },
        }),
      );
      await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
      const losses: Error[] = [];
      live.on('disconnected', (error) => losses.push(error));
      await Promise.all([1, 2].map((segmentId) => live.sendFinal({ segmentId, text: 'x' })));
      expect(live.started.sessionId).toBe('s2');
      expect(losses).toEqual([]);
      expect(edge.received.map(({ type }) => type)).toEqual([
        'session.start',
        'transcript.final',
        'transcript.final',
        'session.start',
        'transcript.final',
        'transcript.final',
      ]);
    },
  );

  it('starts a new session after an error without a cause, and on another socket if that fails again', async () => {
    const forgets = respondTo({
      'session.start': (_message, { send }) => {
        send(started);
        send(errorMessage('session-unknown', 'gone'));
      },
    });
    await using edge = await startLiveEdge(
      forgets,
      respondTo({
        'session.start': (_message, { send }) => send({ ...started, sessionId: 's3' }),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const lost = new Promise((resolve) => live.on('disconnected', resolve));
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(await lost).toMatchObject({ code: 'session-unknown' });
    expect(live.started.sessionId).toBe('s3');
    expect(edge.received.filter(({ type }) => type === 'session.start')).toHaveLength(3);
  });

  it.each(['with an error first', 'without an error'])(
    'starts a new session with its pending finals if its resume token is wrong: closed %s',
    async (how4401) => {
      await using edge = await startLiveEdge(
        respondTo({
          'session.start': (_message, { send }) => send(started),
          'transcript.final': (_message, { socket }) => socket.terminate(),
        }),
        respondTo({
          'session.resume': ({ id }, { send, socket }) => {
            const error = errorMessage('resume-token-wrong', 'old', { causedBy: id });
            if (how4401 === 'with an error first') send(error);
            socket.close(closeCodes.badResumeToken);
          },
        }),
        respondTo({
          'session.start': (_message, { send }) => send({ ...started, sessionId: 's2' }),
          'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
        }),
      );
      await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
      const told: string[] = [];
      live.on('disconnected', (error) => {
        if (error instanceof ConnectionClosedError) told.push(`closed with ${error.closeCode}`);
        else if (error instanceof ServerError) told.push(error.code);
      });
      live.on('session.started', ({ sessionId }) => told.push(sessionId));
      await live.sendFinal({ segmentId: 1, text: 'one' });
      const reason = how4401 === 'with an error first' ? 'resume-token-wrong' : 'closed with 4401';
      expect(told).toEqual(['closed with 1006', reason, 's2']);
      expect(edge.received.map(({ type }) => type)).toEqual([
        'session.start',
        'transcript.final',
        'session.resume',
        'session.start',
        'transcript.final',
      ]);
    },
  );

  it('does not start a new session after a wrong resume token if nothing is pending', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'session.end': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({ 'session.resume': (_message, { socket }) => socket.close(closeCodes.badResumeToken) }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await expect(live.end()).rejects.toMatchObject({ closeCode: closeCodes.badResumeToken });
    expect(edge.received.map(({ type }) => type)).toEqual(['session.start', 'session.end', 'session.resume']);
  });

  it('ends without a new session if the session ended while disconnected', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'session.end': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({
        'session.resume': ({ id }, { send }) => send(errorMessage('session-unknown', 'gone', { causedBy: id })),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    expect(await live.end()).toBeUndefined();
  });

  it('ends when another connection has taken the session over, and rejects pending waits', async () => {
    const closeCode = closeCodes.takenOver;
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.close(closeCode),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const closed = closedOf(live);
    await expect(live.sendFinal({ segmentId: 1, text: 'one' })).rejects.toMatchObject({ closeCode });
    expect(await closed).toMatchObject({ closeCode });
    expect(edge.received).toHaveLength(2);
  });

  it('resumes after a takeover by its own resume on an earlier socket', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.start': (_message, { send }) => send(started),
        'transcript.final': (_message, { socket }) => socket.terminate(),
      }),
      respondTo({ 'session.resume': (_message, { socket }) => socket.terminate() }),
      respondTo({
        'session.resume': (_message, { send }) => send(resumed({ missing: [1] })),
        'transcript.final': (_message, { socket }) => socket.close(closeCodes.takenOver),
      }),
      respondTo({
        'session.resume': (_message, { send }) => send(resumed({ missing: [1] })),
        'transcript.final': ({ segmentId }, { send }) => send(accepted(segmentId)),
      }),
    );
    await using live = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    await live.sendFinal({ segmentId: 1, text: 'one' });
    expect(edge.received.map(({ type }) => type)).toEqual([
      'session.start',
      'transcript.final',
      'session.resume',
      'session.resume',
      'transcript.final',
      'session.resume',
      'transcript.final',
    ]);
  });
});
