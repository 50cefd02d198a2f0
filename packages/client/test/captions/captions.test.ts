import { describe, expect, it } from '@jest/globals';
import { CaptionOverflowError, joinLive, startLiveSession, type CaptionMessage } from '../../src/index.ts';
import { CaptionFeed } from '../../src/captions/caption-feed.ts';
import { ended, markedScript, startScriptedEdge } from '../scripted-edge.ts';
import { joined, respondTo, sessionOptions, startLiveEdge, translated } from '../live/live-edge.ts';

const final = (segmentId: number): CaptionMessage => translated(segmentId, segmentId) as CaptionMessage;
const partial = (segmentId: number, revision: number): CaptionMessage => ({
  type: 'transcript.partial',
  segmentId,
  revision,
  text: `revision ${revision}`,
  language: 'es',
});

describe('the captions of a session', () => {
  it('include those that arrive with the reply, and end with the session', async () => {
    await using edge = await startLiveEdge(
      respondTo({
        'session.join': (_message, { send }) => {
          send(joined(100));
          for (const segmentId of [1, 2, 3]) send(translated(segmentId, 100 + segmentId));
          send(ended);
        },
      }),
    );
    await using listener = await joinLive({ urls: [edge.url], joinCode: 'CODE234567', targetLanguages: ['es'] });
    const segments: number[] = [];
    for await (const { segmentId } of listener.captions()) segments.push(segmentId);
    expect(segments).toEqual([1, 2, 3]);
    for await (const late of listener.captions()) expect(late).toBeUndefined();
  });

  it('arrive while they are read, until the reader stops', async () => {
    await using edge = await startScriptedEdge(markedScript());
    await using speaker = await startLiveSession({ ...sessionOptions, urls: [edge.url] });
    const captions = speaker.captions();
    const first = captions.next();
    await speaker.sendFinal({ segmentId: 1, text: 'hello' });
    expect((await first).value).toMatchObject({ type: 'translation.final', text: '[es] hello' });
    await speaker.sendFinal({ segmentId: 2, text: 'world' });
    for await (const caption of captions) {
      expect(caption).toMatchObject({ segmentId: 2 });
      break;
    }
    expect(await captions.next()).toEqual({ done: true, value: undefined });
  });

  it('end as soon as the reader stops, also while it waits for the next one', async () => {
    const feed = new CaptionFeed();
    const waiting = feed.read();
    const next = waiting.next();
    await waiting.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('of a slow reader are the newest of each segment', async () => {
    const feed = new CaptionFeed();
    const captions = feed.read();
    for (const caption of [partial(1, 1), partial(2, 1), partial(1, 2), final(2), partial(3, 1)]) feed.push(caption);
    feed.close(undefined);
    const read: CaptionMessage[] = [];
    for await (const caption of captions) read.push(caption);
    expect(read).toEqual([partial(1, 2), final(2), partial(3, 1)]);
  });

  it('of a reader that never reads are bounded', async () => {
    const feed = new CaptionFeed();
    const captions = feed.read();
    for (let segmentId = 0; segmentId <= 10_000; segmentId += 1) feed.push(final(segmentId));
    await expect(captions.next()).rejects.toBeInstanceOf(CaptionOverflowError);
  });

  it('end with the error that closed the session', async () => {
    const feed = new CaptionFeed();
    const captions = feed.read();
    feed.push(final(1));
    const error = new Error('refused');
    feed.close(error);
    expect((await captions.next()).value).toEqual(final(1));
    await expect(captions.next()).rejects.toBe(error);
  });

  it('are not kept for a first reader that comes too late', async () => {
    const feed = new CaptionFeed();
    feed.push(final(1));
    feed.dropEarly();
    const captions = feed.read();
    feed.push(final(2));
    expect((await captions.next()).value).toEqual(final(2));
  });
});
