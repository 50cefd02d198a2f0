import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Session } from '@parley/client';
import { startStack, type TestStack } from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

/** Low concurrency in both queues, so that jobs have to wait. */
const narrow = {
  ENGINE_LATENCY: '40/80,1/2',
  ENGINE_FIRST_TOKEN_TIMEOUT_MS: '20000',
  ENGINE_TOTAL_TIMEOUT_MS: '30000',
  PARTIAL_CONCURRENCY: '8',
  FINAL_CONCURRENCY: '12',
  MAX_FRAMES_PER_SECOND: '50',
  MAX_FRAME_BURST: '600',
  SINGLEFLIGHT: 'off',
};

let stack: TestStack;
beforeAll(async () => (stack = await startStack({ env: narrow })));
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const toSpanish = { sourceLanguage: 'en', targetLanguages: ['es'] };

async function startQuiet(count: number): Promise<{ speakers: Speaker[] } & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const speakers: Speaker[] = [];
  while (speakers.length < count) speakers.push(opened.use(await startSpeaker(stack.streamUrl(), toSpanish)));
  const owned = opened.move();
  return { speakers, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Sends five segments of two partials per speaker in about 4 s; returns the latencies of their translations in ms. */
async function talkQuietly(): Promise<number[]> {
  await using quiet = await startQuiet(20);
  const latencies = await Promise.all(
    quiet.speakers.map(async (speaker, index) => {
      await wait(index * 20);
      for (let segmentId = 0; segmentId < 5; segmentId++) {
        for (const [revision, text] of ['good morning', 'good morning to all'].entries()) {
          speaker.session.sendPartial({ segmentId, revision, text: `${text} ${segmentId}` });
          await wait(400);
        }
        await speaker.session.sendFinal({ segmentId, text: `good morning to all of you ${segmentId}` });
      }
      expect(await speaker.end()).toMatchObject({ violations: [] });
      expect(speaker.messages.filter(({ type }) => type === 'translation.final')).toHaveLength(5);
      expect(speaker.messages.filter(({ type }) => type === 'error')).toEqual([]);
      return speaker.messages.flatMap((message) =>
        message.type === 'translation.partial' ? [message.timing.totalMs] : [],
      );
    }),
  );
  return latencies.flat();
}

const floodTargets = [
  ...['es', 'ca', 'fr', 'pt', 'pt-BR', 'it', 'de', 'nl', 'da', 'sv'],
  ...['nb', 'fi', 'pl', 'cs', 'sk', 'hu', 'ro', 'bg', 'el', 'tr'],
];

/** Sends 200 frames per second over 30 open segments until the signal. */
async function flood(session: Session, signal: AbortSignal): Promise<void> {
  for (let sent = 0; !signal.aborted; sent++) {
    const revision = Math.floor(sent / 30);
    session.sendPartial({ segmentId: sent % 30, revision, text: `flood ${sent % 30} of ${revision}` });
    if (sent % 4 === 3) await wait(20);
  }
}

function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

describe('a flooding session', () => {
  it('I13: with 500 finals at once does not delay the finals of others', async () => {
    await using quiet = await startQuiet(5);
    await using flooder = await startSpeaker(stack.streamUrl(), toSpanish);
    const done = () => flooder.messages.filter(({ type }) => type === 'translation.final').length;
    await stack.postToEngine('/debug/hold', { on: true });
    const texts = Array.from({ length: 500 }, (_, segmentId) => ({ segmentId, text: `one of many ${segmentId}` }));
    await Promise.all(texts.map((final) => flooder.session.sendFinal(final, { timeoutMs: 30_000 })));
    const behind = quiet.speakers.map(async (speaker) => {
      const heard = speaker.waitForMessage(({ type }) => type === 'translation.final');
      await speaker.session.sendFinal({ segmentId: 0, text: 'good morning' }, { timeoutMs: 30_000 });
      const acceptedAtMs = performance.now();
      return async () => {
        await heard;
        return { finals: done(), waitedMs: Math.round(performance.now() - acceptedAtMs) };
      };
    });
    const waits = await Promise.all(behind);
    await stack.postToEngine('/debug/hold', { on: false });
    const heard = waits.map((finish) => finish());
    await stack.postToEngine('/debug/release', { all: true });
    const results = await Promise.all(heard);
    process.stderr.write(`finals of 5 quiet sessions behind 500 of another: ${JSON.stringify(results)}\n`);
    // Twelve were at the engine already; some more may arrive first over their own sockets.
    for (const { finals } of results) expect(finals).toBeLessThanOrEqual(40);
    expect(await flooder.end()).toMatchObject({ violations: [] });
    expect(done()).toBe(500);
  });

  // After the other: the next connection of this address takes over what the flood has left of its allowance.
  it('I3: gets errors, and does not affect other sessions', async () => {
    const alone = await talkQuietly();

    await using client = await connect({ url: stack.streamUrl() });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    const flooder = await client.startSession({ sourceLanguage: 'en', targetLanguages: floodTargets });
    const stop = new AbortController();
    const flooding = flood(flooder, stop.signal);
    const beside = await talkQuietly();
    stop.abort();
    await flooding;

    expect(errors).toContain('too-many-frames');
    expect(alone.length).toBeGreaterThan(0);
    expect(beside.length).toBeGreaterThan(0);
    const [without, with_] = [percentile95(alone), percentile95(beside)];
    process.stderr.write(`partials of 20 quiet sessions: p95 ${without} ms alone, ${with_} ms beside a flood\n`);
  });
});
