import type { ServerMessage } from '@parley/protocol';
import { describe, expect, it } from '@jest/globals';
import {
  accepted,
  respondTo,
  joined,
  resumed,
  startLiveEdge,
  translated,
} from '../packages/client/test/live/live-edge.ts';
import { ended, started } from '../packages/client/test/scripted-edge.ts';
import { startLiveListener, startLiveSpeaker } from './harness/index.ts';

const how = { sourceLanguage: 'en', targetLanguages: ['es'] };

const isFinalOf =
  (segmentId: number) =>
  (message: ServerMessage): boolean =>
    message.type === 'translation.final' && message.segmentId === segmentId;

const first = respondTo({
  'session.start': (_message, { send }) => send(started),
  'transcript.final': ({ segmentId }, { send }) => {
    send(accepted(segmentId));
    send(translated(segmentId, 101 + segmentId));
  },
  'session.end': (_message, { send }) => send(ended),
});

describe('the live speaker', () => {
  it('is cut right after a message, and checked over both connections', async () => {
    await using edge = await startLiveEdge(
      first,
      respondTo({
        'session.resume': ({ offset }, { send }) => {
          send(resumed({ accepted: [1] }));
          if (offset < 102) send(translated(1, 102));
        },
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using speaker = await startLiveSpeaker([edge.url], how);
    // The acceptance arrives, the translation after it is cut off.
    speaker.socket.cutAfter(1);
    await speaker.session.sendFinal({ segmentId: 1, text: 'one' });
    expect(speaker.messages.some(isFinalOf(1))).toBe(false);
    await speaker.waitForMessage(isFinalOf(1));
    expect(speaker.socket.connections).toBe(2);
    expect((await speaker.end()).violations).toEqual([]);
  });

  it('reports what is lost when it is cut at once', async () => {
    await using edge = await startLiveEdge(
      first,
      respondTo({
        'session.resume': (_message, { send }) => send(resumed({ accepted: [2] })),
        'session.end': (_message, { send }) => send(ended),
      }),
    );
    await using speaker = await startLiveSpeaker([edge.url], how);
    await speaker.session.sendFinal({ segmentId: 1, text: 'one' });
    await speaker.waitForMessage(isFinalOf(1));
    const sending = speaker.session.sendFinal({ segmentId: 2, text: 'two' });
    speaker.socket.cut();
    await sending;
    expect((await speaker.end()).violations).toEqual([{ code: 'final-lost', segmentId: 2, targetLanguage: 'es' }]);
  });

  it('receives nothing while it is stalled, and everything afterwards', async () => {
    await using edge = await startLiveEdge(first);
    await using speaker = await startLiveSpeaker([edge.url], how);
    speaker.socket.stall();
    const sending = speaker.session.sendFinal({ segmentId: 1, text: 'one' });
    await expect(speaker.waitForMessage(isFinalOf(1), 200)).rejects.toThrow(/no matching message within 200 ms/);
    expect(edge.received).toHaveLength(2);
    speaker.socket.unstall();
    await sending;
    expect((await speaker.end()).violations).toEqual([]);
  });
});

describe('the live listener', () => {
  it('is checked against the transcripts of the host', async () => {
    await using hostEdge = await startLiveEdge(first);
    await using host = await startLiveSpeaker([hostEdge.url], how);
    for (const segmentId of [1, 2]) await host.session.sendFinal({ segmentId, text: `text ${segmentId}` });
    await host.end();
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { send }) => {
          send(joined(103));
          send(translated(1, 102));
        },
      }),
      respondTo({
        'session.join': ({ offset }, { send }) => {
          send(joined(103));
          send(offset === 102 ? translated(2, 103) : translated(1, 102));
          send(ended);
        },
      }),
    );
    const options = { joinCode: 'CODE234567', targetLanguages: ['es'], offset: 0 };
    await using listener = await startLiveListener([edge.url], options);
    await listener.waitForMessage(isFinalOf(1));
    listener.socket.cut();
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(listener.judge(host)).toEqual([]);
  });
});
