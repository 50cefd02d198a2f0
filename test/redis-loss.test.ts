import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { connect } from '@parley/client';
import { describe, expect, it } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, startStack, type LiveSpeaker } from './harness/index.ts';

const judge = { sourceOf: sourceOfMarked };
const english = { sourceLanguage: 'en', targetLanguages: ['es', 'ca'] };

/** Sends sentences with some partials until the signal; resolves when every final is accepted. */
async function talk({ session }: LiveSpeaker, signal: AbortSignal): Promise<number> {
  const accepted: Promise<void>[] = [];
  let segmentId = 0;
  for (; !signal.aborted; segmentId++) {
    for (let revision = 0; revision < 3; revision++) {
      session.sendPartial({ segmentId, revision, text: `sentence ${segmentId} ${'word '.repeat(revision)}` });
      await delay(20);
    }
    accepted.push(session.sendFinal({ segmentId, text: `sentence ${segmentId} is over` }));
  }
  await Promise.all(accepted);
  return segmentId;
}

describe('Redis', () => {
  it('I3, I5: loses nothing accepted when it is killed and restarted with its append-only file', async () => {
    await using stack = await startStack({ edges: 2, workers: 2 });
    await using speaker = await startLiveSpeaker(stack, { ...english, ordered: true }, judge);
    await using listener = await startLiveListener(stack, {
      joinCode: speaker.session.started.joinCode,
      targetLanguages: ['es', 'en'],
    });
    const stop = new AbortController();
    const talking = talk(speaker, stop.signal);
    await delay(700);
    await stack.redis.kill();
    await delay(700);
    await stack.redis.start();
    const backAtMs = performance.now();
    const before = speaker.messages.length;
    const isFinal = ({ type }: { type: string }): boolean => type === 'translation.final';
    while (!speaker.messages.slice(before).some(isFinal)) await delay(20);
    const goneOnAfterMs = performance.now() - backAtMs;
    process.stderr.write(`finals go on ${Math.round(goneOnAfterMs)} ms after Redis is back\n`);
    await delay(500);
    stop.abort();
    const said = await talking;
    const report = await speaker.end();
    expect(report).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    expect(report.counts.finalsTranslated).toBeGreaterThanOrEqual(said * 2);
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(listener.judge(speaker)).toEqual([]);
    expect(goneOnAfterMs).toBeLessThan(4000);
  });

  it('I24: recovers its last second from the clients after losing it', async () => {
    await using stack = await startStack({ edges: 2, workers: 2 });
    await using speaker = await startLiveSpeaker(stack, english, judge);
    const stop = new AbortController();
    const talking = talk(speaker, stop.signal);
    await delay(700);
    await stack.redis.keepData();
    await delay(1000);
    await stack.redis.kill();
    await stack.redis.restoreData();
    await stack.redis.start();
    await speaker.waitForMessage(({ type }) => type === 'session.resync');
    await delay(1000);
    stop.abort();
    const said = await talking;
    const report = await speaker.end();
    expect(report).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    const finals = speaker.messages.flatMap((message) =>
      message.type === 'translation.final' ? [`${message.segmentId} ${message.targetLanguage}`] : [],
    );
    expect(new Set(finals).size).toBe(said * 2);
  });

  it('I43, I45: loses a changed join code and a correction with its last second, and gets them from the edge and the client', async () => {
    await using stack = await startStack({ edges: 2 });
    await using speaker = await startLiveSpeaker(stack, english, judge);
    const { session } = speaker;
    const before = session.started.joinCode;
    await session.sendFinal({ segmentId: 1, text: 'good mourning' });
    for (const target of english.targetLanguages) {
      await speaker.waitForMessage(
        (message) => message.type === 'translation.final' && message.targetLanguage === target,
      );
    }
    await stack.redis.keepData();
    const changed = (await session.updateJoinCode('change')) ?? '';
    await session.correct({ segmentId: 1, targetLanguage: 'es', text: 'buenos días' });
    await stack.redis.kill();
    await stack.redis.restoreData();
    await stack.redis.start();
    await speaker.waitForMessage(({ type }) => type === 'session.resync');
    await speaker.waitForMessage(({ type }) => type === 'session.resumed');

    await expect(connect({ url: stack.streamUrl(1), joinCode: before })).rejects.toMatchObject({ status: 401 });
    await using listener = await startLiveListener(stack, { joinCode: changed, targetLanguages: ['es'] });
    await listener.waitForMessage(({ type }) => type === 'translation.corrected');
    expect((await speaker.end()).violations).toEqual([]);
    const corrected = speaker.messages.flatMap((message) =>
      message.type === 'translation.corrected' ? [message.text] : [],
    );
    expect(new Set(corrected)).toEqual(new Set(['buenos días']));
    expect(speaker.messages.filter(({ type }) => type === 'correction.accepted')).toHaveLength(1);
    expect(speaker.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('I24: loses the session: its client starts a new one and sends what is missing', async () => {
    await using stack = await startStack({ edges: 2, workers: 2 });
    await stack.redis.keepData();
    await using speaker = await startLiveSpeaker(stack, english, judge);
    await stack.postToEngine('/debug/hold', { on: true });
    for (let segmentId = 0; segmentId < 5; segmentId++) {
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    await stack.redis.kill();
    await stack.redis.restoreData();
    await stack.redis.start();
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
    for (let segmentId = 0; segmentId < 5; segmentId++) {
      await speaker.waitForMessage(
        (message) => message.type === 'translation.final' && message.segmentId === segmentId,
      );
    }
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
  });

  it('I21, I24: loses a resume with its last second, and no client is rejected for it', async () => {
    await using stack = await startStack({ edges: 2 });
    await using speaker = await startLiveSpeaker(stack, english, judge);
    await stack.redis.keepData();
    speaker.socket.cut();
    await speaker.waitForMessage(({ type }) => type === 'session.resumed');
    const stop = new AbortController();
    const talking = talk(speaker, stop.signal);
    await delay(500);
    await stack.redis.kill();
    await stack.redis.restoreData();
    await stack.redis.start();
    await speaker.waitForMessage(({ type }) => type === 'session.resync');
    await delay(1000);
    stop.abort();
    const said = await talking;
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    const finals = speaker.messages.flatMap((message) =>
      message.type === 'translation.final' ? [`${message.segmentId} ${message.targetLanguage}`] : [],
    );
    expect(new Set(finals).size).toBe(said * 2);
  });
});
