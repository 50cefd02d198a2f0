import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { ErrorMessage, ServerMessage } from '@parley/protocol';
import { PendingStore } from '@parley/redis/pending';
import { edgesForFile } from '../http-api/edges-for-file.ts';
import { StreamClient } from '../http-api/stream-client.ts';

const keys = { one: 'key-of-tenant-one', two: 'key-of-tenant-two', three: 'key-of-tenant-three' };
// There is no worker, so what is accepted stays outstanding.
const { urls, metricsUrls, redis } = await edgesForFile({
  API_KEYS: Object.entries(keys)
    .map(([tenant, key]) => `${tenant}:${key}`)
    .join(','),
  MAX_OUTSTANDING_BYTES_PER_SESSION: '131072',
  MAX_OUTSTANDING_BYTES_PER_TENANT: '196608',
});
const pending = new PendingStore(redis);

const open = (edge: 0 | 1, tenant: keyof typeof keys) => StreamClient.open(urls[edge], `bearer.${keys[tenant]}`);

function sendFinal(speaker: StreamClient, segmentId: number, text: string): void {
  speaker.send({ type: 'transcript.final', id: `${segmentId}`, segmentId, text });
}

/** Sends a final of almost 10 KB and returns the answer to it. */
async function answerTo(speaker: StreamClient, segmentId: number): Promise<ServerMessage> {
  const known = speaker.messages.length;
  sendFinal(speaker, segmentId, 'x'.repeat(9800));
  return speaker.waitForMessage(
    (message) =>
      speaker.messages.indexOf(message) >= known &&
      ((message.type === 'transcript.accepted' && message.segmentId === segmentId) ||
        (message.type === 'error' && message.causedBy === `${segmentId}`)),
  );
}

/** Sends finals until one is refused. Returns the number of the first refused one, and the refusal. */
async function fill(speaker: StreamClient): Promise<{ refused: number; error: ErrorMessage }> {
  for (let segmentId = 1; ; segmentId++) {
    const answer = await answerTo(speaker, segmentId);
    if (answer.type === 'error') return { refused: segmentId, error: answer };
  }
}

async function resolve(sessionId: string, segmentId: number): Promise<void> {
  await pending.resolve(
    { sessionId, segmentId, target: 'es' },
    {
      ...{ v: 1, type: 'translation', segmentId, targetLanguage: 'es', text: 'x', language: 'en' },
      ...{ cached: false, receivedAtMs: 1, queueMs: 0, engineMs: 0 },
    },
  );
}

const acceptedIn = (messages: readonly ServerMessage[]) =>
  messages.flatMap((message) => (message.type === 'transcript.accepted' ? [message.segmentId] : []));

describe('finals beyond the quota', () => {
  it('I47: are refused with a time, and accepted in order when they are sent again after it', async () => {
    await using speaker = await open(0, 'one');
    const { sessionId } = await speaker.start({ ordered: true });
    const { refused, error } = await fill(speaker);
    expect(error).toMatchObject({ code: 'too-much-outstanding', retryable: true });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    // 128 KiB, and each counts almost 11 KiB.
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(14);
    for (const resolved of [1, 2, 3, 4]) await resolve(sessionId, resolved);
    // There is capacity now, but not for others before the one that was refused.
    expect(await answerTo(speaker, refused + 1)).toMatchObject({ type: 'error', code: 'too-much-outstanding' });
    await wait(error.retryAfterMs);
    const known = speaker.messages.length;
    for (const id of [refused + 2, refused, refused + 1, refused + 2]) sendFinal(speaker, id, `${id}`);
    await speaker.waitForMessage(
      (message) => message.type === 'transcript.accepted' && message.segmentId === refused + 2,
    );
    expect(acceptedIn(speaker.messages.slice(known))).toEqual([refused, refused + 1, refused + 2]);
    const metrics = await (await fetch(metricsUrls[0])).text();
    expect(metrics).toMatch(/parley_edge_refusals_total\{reason="too-much-outstanding"\} [1-9]/);
  });

  it('I47: of all sessions of a tenant together are refused on each edge, and those of another tenant are not', async () => {
    await using first = await open(0, 'two');
    await using second = await open(1, 'two');
    await Promise.all([first.start(), second.start()]);
    const filled = await fill(first);
    const beside = await fill(second);
    // 192 KiB together.
    expect(beside.refused).toBeLessThan(filled.refused - 3);
    expect(beside.error).toMatchObject({ code: 'too-much-outstanding', retryable: true });
    await using other = await open(1, 'three');
    await other.start();
    for (let segmentId = 1; segmentId < filled.refused; segmentId++) {
      expect(await answerTo(other, segmentId)).toMatchObject({ type: 'transcript.accepted' });
    }
  });
});
