import { randomUUID } from 'node:crypto';
import { connect, type Client, type ResumedSession } from '@parley/client';
import { QueueViews } from '@parley/queues';
import type { ServerMessage } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import { Resumption } from '@parley/redis/session';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from './harness/index.ts';

const english = { sourceLanguage: 'en', targetLanguages: ['es'] };

/** A socket and the messages that it received. */
async function open(url: string): Promise<{ client: Client; heard: ServerMessage[] }> {
  const client = await connect({ url });
  const heard: ServerMessage[] = [];
  client.on('message', (message) => heard.push(message));
  return { client, heard };
}

/** Resolves with the first past or future message of a connection that matches. */
async function waitForMessage<Message extends ServerMessage>(
  { client, heard }: { client: Client; heard: readonly ServerMessage[] },
  fits: (message: ServerMessage) => message is Message,
): Promise<Message> {
  const past = heard.find(fits);
  if (past !== undefined) return past;
  return new Promise((resolve) => {
    const off = client.on('message', (message) => {
      if (!fits(message)) return;
      off();
      resolve(message);
    });
  });
}

const isFinalOf =
  (segmentId: number) =>
  (message: ServerMessage): message is Extract<ServerMessage, { type: 'translation.final' }> =>
    message.type === 'translation.final' && message.segmentId === segmentId;

const finalsIn = (messages: readonly ServerMessage[]): number[] =>
  messages.flatMap((message) => (message.type === 'translation.final' ? [message.segmentId] : []));

async function closeCode(client: Client): Promise<number> {
  return new Promise((resolve) => client.on('closed', ({ closeCode: code }) => resolve(code)));
}

/** Returns the session of a resumed connection. */
async function reopened(
  connection: { client: Client; heard: ServerMessage[] },
  sessionId: string,
): Promise<ResumedSession> {
  return connection.client.resumeSession({ sessionId, resumeToken: 'the edge vouches', offset: 0 });
}

describe('a session on two edges', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ edges: 2, workers: 2, env: { SINGLEFLIGHT: 'off' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I23: delivers each final once to a client that is cut after every message', async () => {
    const first = await open(stack.streamUrl(0));
    const { started, ...speaker } = await first.client.startSession({ ...english, ordered: true }).then((session) => ({
      started: session.started,
      session: session,
    }));
    await stack.postToEngine('/debug/hold', { on: true });
    for (let segmentId = 1; segmentId <= 8; segmentId++) {
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    first.client.terminate();
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { order: 'reverse' });
    const got: number[] = [];
    let { offset, resumeToken } = started;
    for (let cut = 0; got.length < 8; cut++) {
      const connection = await open(stack.streamUrl(cut % 2));
      const resumed = await connection.client.resumeSession({ sessionId: started.sessionId, resumeToken, offset });
      resumeToken = resumed.resumed.resumeToken;
      const isFinal = (message: ServerMessage): message is Extract<ServerMessage, { type: 'translation.final' }> =>
        message.type === 'translation.final';
      const message = await waitForMessage(connection, isFinal);
      got.push(message.segmentId);
      offset = message.offset;
      connection.client.terminate();
    }
    expect(got).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('I21: belongs to its newer connection; the older one is closed with 4409', async () => {
    const older = await open(stack.streamUrl(0));
    const session = await older.client.startSession(english);
    const closed = closeCode(older.client);
    const newer = await open(stack.streamUrl(1));
    await newer.client.resumeSession({ ...session.started });
    expect(await closed).toBe(4409);
    expect(older.heard.at(-1)).toMatchObject({ type: 'error', code: 'session-taken-over' });
    // The same on one edge.
    const { resumed } = await reopened(newer, session.started.sessionId);
    const again = await open(stack.streamUrl(1));
    const fenced = closeCode(newer.client);
    await again.client.resumeSession({ sessionId: resumed.sessionId, resumeToken: resumed.resumeToken, offset: 0 });
    expect(await fenced).toBe(4409);
    await again.client.close();
  });

  it('accepts a token again if the response was lost with the edge', async () => {
    const first = await open(stack.streamUrl(0));
    const { started } = await first.client.startSession(english);
    // This is what an edge has done if it dies between resume and response.
    const resumption = new Resumption(stack.redis.connect());
    const lost = await resumption.resume({
      sessionId: started.sessionId,
      tenant: 'default',
      connection: randomUUID(),
      tokenHash: secretHash(started.resumeToken),
      nextTokenHash: secretHash('never seen by anybody'),
      offset: started.offset,
      held: [],
    });
    expect(lost.status).toBe('resumed');
    const second = await open(stack.streamUrl(1));
    const { resumed } = await second.client.resumeSession({ ...started });
    expect(resumed.recovered).toBe(true);
    // The first message shows that the new token has arrived, which invalidates the old one.
    const session = await reopened(second, started.sessionId);
    await session.sendFinal({ segmentId: 1, text: 'Hello.' });
    const third = await open(stack.streamUrl(0));
    const closed = closeCode(third.client);
    await expect(third.client.resumeSession({ ...started })).rejects.toMatchObject({ code: 'resume-token-wrong' });
    expect(await closed).toBe(4401);
    await second.client.close();
  });

  it('accepts the newest token if the session was resumed twice on one socket before anything else was sent', async () => {
    const first = await open(stack.streamUrl(0));
    const { started } = await first.client.startSession(english);
    const { sessionId } = started;
    const { resumed } = await reopened(first, sessionId);
    const session = await reopened(first, sessionId);
    await session.sendFinal({ segmentId: 1, text: 'Hello.' });
    first.client.terminate();
    const second = await open(stack.streamUrl(1));
    await expect(
      second.client.resumeSession({ sessionId, resumeToken: resumed.resumeToken, offset: 0 }),
    ).rejects.toMatchObject({ code: 'resume-token-wrong' });
    const third = await open(stack.streamUrl(1));
    const { resumeToken } = session.resumed;
    await third.client.resumeSession({ sessionId, resumeToken, offset: 0 });
    await third.client.close();
  });

  it('I3: delivers a final whose edge died between settling it and adding its jobs', async () => {
    const redis = stack.redis.connect();
    const first = await open(stack.streamUrl(0));
    const session = await first.client.startSession(english);
    const { started } = session;
    await session.sendFinal({ segmentId: 0, text: 'the queue has had a job' });
    await waitForMessage(first, isFinalOf(0)); // It is no longer in the queue when its depth is read.
    // Make adding jobs fail, as if the edge had died at this point.
    await redis.multi().rename('bull:{parley-final-0}:id', 'kept').set('bull:{parley-final-0}:id', 'x').exec();
    const refused = session.sendFinal({ segmentId: 1, text: 'settled and not queued' });
    await expect(refused).rejects.toMatchObject({ retryable: true });
    first.client.terminate();
    await redis.rename('kept', 'bull:{parley-final-0}:id');
    const views = new QueueViews(stack.redis.connect(), 1, () => undefined);
    const queueDepth = async (): Promise<number> => {
      const { waiting, prioritized, active } = await views.depth('final');
      return waiting + prioritized + active;
    };
    await stack.postToEngine('/debug/hold', { on: true });
    const second = await open(stack.streamUrl(1));
    const { resumed } = await second.client.resumeSession({ ...started, held: [1] });
    expect(await queueDepth()).toBe(1);
    await views.close();
    await stack.postToEngine('/debug/hold', { on: false });
    await stack.postToEngine('/debug/release', { all: true });
    expect(resumed).toMatchObject({ accepted: [1], missing: [] });
    expect(await waitForMessage(second, isFinalOf(1))).toMatchObject({ text: '[es] settled and not queued' });
    await second.client.close();
  });

  it('I3: gets its missing jobs from the sweeper within 2 s if no client returns', async () => {
    const redis = stack.redis.connect();
    const first = await open(stack.streamUrl(0));
    const session = await first.client.startSession(english);
    await session.sendFinal({ segmentId: 0, text: 'the queue has had a job' });
    await redis.multi().rename('bull:{parley-final-0}:id', 'kept').set('bull:{parley-final-0}:id', 'x').exec();
    const refused = session.sendFinal({ segmentId: 1, text: 'left behind' });
    await expect(refused).rejects.toMatchObject({ retryable: true });
    await redis.rename('kept', 'bull:{parley-final-0}:id');
    const settledAtMs = performance.now();
    await waitForMessage(first, isFinalOf(1));
    expect(performance.now() - settledAtMs).toBeLessThan(4000);
    await first.client.close();
  });

  it('reports a gap in its log, and continues with the oldest entry', async () => {
    const first = await open(stack.streamUrl(0));
    const session = await first.client.startSession(english);
    const { started } = session;
    await session.sendFinal({ segmentId: 1, text: 'forgotten' });
    const { offset } = await waitForMessage(first, isFinalOf(1));
    await session.sendFinal({ segmentId: 2, text: 'kept' });
    await waitForMessage(first, isFinalOf(2));
    first.client.terminate();
    const redis = stack.redis.connect();
    await redis.xtrim(`{s:${started.sessionId}}:log`, 'MINID', offset + 1);
    await redis.hset(`{s:${started.sessionId}}:session`, 'logTrimmedTo', offset);
    const second = await open(stack.streamUrl(1));
    const { resumed } = await second.client.resumeSession({ ...started });
    expect(resumed.recovered).toBe(false);
    await waitForMessage(second, isFinalOf(2));
    expect(finalsIn(second.heard)).toEqual([2]);
    await second.client.close();
  });

  it('shows the newest partial of an open segment to a client that reconnects', async () => {
    const first = await open(stack.streamUrl(0));
    const session = await first.client.startSession(english);
    session.sendPartial({ segmentId: 7, revision: 3, text: 'still open' });
    const isPartial = (message: ServerMessage): message is Extract<ServerMessage, { type: 'translation.partial' }> =>
      message.type === 'translation.partial';
    await waitForMessage(first, isPartial);
    first.client.terminate();
    const second = await open(stack.streamUrl(1));
    await second.client.resumeSession({ ...session.started });
    expect(await waitForMessage(second, isPartial)).toMatchObject({
      segmentId: 7,
      revision: 3,
      tentative: '[es] still open',
    });
    await second.client.close();
  });

  it('I5: delivers a final whose message the channel lost just before a silence', async () => {
    const connection = await open(stack.streamUrl(0));
    const { started } = await connection.client.startSession(english);
    const redis = stack.redis.connect();
    const lost = {
      v: 1,
      type: 'translation',
      language: 'en',
      receivedAtMs: Date.now(),
      segmentId: 1,
      text: '[es] lost',
    };
    const body = JSON.stringify({ ...lost, targetLanguage: 'es', cached: false, queueMs: 0, engineMs: 0 });
    const offset = started.offset + 1;
    await redis
      .multi()
      .xadd(`{s:${started.sessionId}}:log`, `${offset}-0`, 'body', body)
      .hset(`{s:${started.sessionId}}:session`, 'head', offset)
      .exec();
    expect(await waitForMessage(connection, isFinalOf(1))).toMatchObject({ text: '[es] lost', offset });
    await connection.client.close();
  });

  it('is unknown if it never existed; the socket may start another', async () => {
    const { client } = await open(stack.streamUrl(0));
    const unknown = client.resumeSession({ sessionId: 'never', resumeToken: 'x', offset: 0 });
    await expect(unknown).rejects.toMatchObject({ code: 'session-unknown' });
    const session = await client.startSession(english);
    await session.sendFinal({ segmentId: 1, text: 'Hello.' });
    await client.close();
  });
});
