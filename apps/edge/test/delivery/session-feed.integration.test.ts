import { once } from 'node:events';
import type { ServerMessage } from '@parley/protocol';
import { SessionChannels } from '@parley/redis/channel';
import { LogReader } from '@parley/redis/log';
import { createEdgeMetrics, createLogger, createProcessRegistry } from '@parley/telemetry';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis } from '../../../../test/harness/index.ts';
import { openSession, metadata } from '../../../../packages/redis/test/fixture.ts';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';
import { SessionFeed, type ResultEnvelope } from '../../src/delivery/session-feed.ts';
import { Subscriber, type Audience } from '../../src/delivery/subscriber.ts';

let server: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const translations: Audience = ({ item }) => item.kind === 'partial' || item.entry.type !== 'transcript';

/** A subscriber for translations that records what it is sent. */
function subscriberInto(sent: ServerMessage[]): Subscriber {
  const outbox = {
    deliver: ({ message }: { message: ServerMessage }) => void sent.push(message),
    reply: () => undefined,
  };
  return new Subscriber(translations, { outbox, sessionEnded: () => undefined });
}

/**
 * A session with finals in its log, the recorded channel messages, and a feed that receives only the messages that a
 * test passes on.
 */
async function feedOf(finals: number) {
  const redis = server.connect();
  const { sessionId, head, settle, resolve } = await openSession(redis);
  const channels = new SessionChannels(server.connect());
  const published: ResultEnvelope[] = [];
  const { promise: all, resolve: heardAll } = Promise.withResolvers<undefined>();
  await channels.subscribe(sessionId, {
    message: (envelope) => {
      if (envelope?.kind === 'log' || envelope?.kind === 'partial') published.push(envelope);
      if (published.length === finals * 2) heardAll(undefined);
    },
    reconnected: () => undefined,
  });
  const sent: ServerMessage[] = [];
  const registry = createProcessRegistry();
  const feed = new SessionFeed({
    sessionId,
    deps: {
      log: new LogReader(redis),
      metrics: createEdgeMetrics(registry),
      logger: createLogger({ LOG_LEVEL: 'silent' }, 'edge'),
    },
    onPartial: () => undefined,
  });
  const subscriber = subscriberInto(sent);
  await feed.attach(subscriber, head);
  for (let segmentId = 0; segmentId < finals; segmentId++) {
    await settle(segmentId);
    await resolve(segmentId);
  }
  await all;
  return {
    feed,
    head,
    published,
    sent,
    redis,
    gapsFilled: async () => (await registry.metrics()).match(/gaps_filled_total (\d+)/)?.[1],
  };
}

const segments = (sent: readonly ServerMessage[]): unknown[] =>
  sent.map((message) => ('segmentId' in message ? message.segmentId : message.type));

/** Waits for the feed's log reads, whose replies come in order on this connection. */
async function logWasRead(redis: Awaited<ReturnType<typeof feedOf>>['redis']): Promise<void> {
  for (let round = 0; round < 5; round++) await redis.ping();
}

describe('the feed of a session', () => {
  it('I5: delivers live messages in order and without duplicates', async () => {
    const { feed, head, published, sent, gapsFilled } = await feedOf(3);
    feed.startAfter(head);
    for (const envelope of [...published, ...published]) feed.message(envelope);
    expect(segments(sent)).toEqual([0, 1, 2]);
    expect(await gapsFilled()).toBe('0');
  });

  it('I5: fills a gap from the log, even if a partial is the first to reveal it', async () => {
    const { feed, head, published, sent, redis, gapsFilled } = await feedOf(3);
    feed.startAfter(head);
    const last = published.at(-1);
    if (last?.kind !== 'log') throw new Error('the last message is an entry of the log');
    const partial = {
      ...metadata,
      type: 'partial',
      segmentId: 9,
      targetLanguage: 'es',
      text: 'p',
      queueMs: 0,
      engineMs: 0,
    } as const;
    feed.message({ kind: 'partial', head: last.offset, revision: 0, partial });
    await logWasRead(redis);
    expect(segments(sent)).toEqual([0, 1, 2, 9]);
    expect(await gapsFilled()).toBe('1');
  });

  it('I2: drops partials superseded by a filled gap', async () => {
    const { feed, head, published, sent, redis } = await feedOf(2);
    feed.startAfter(head);
    const partial = {
      ...metadata,
      type: 'partial',
      segmentId: 1,
      targetLanguage: 'es',
      text: 'p',
      queueMs: 0,
      engineMs: 0,
    } as const;
    const first = published[1];
    if (first?.kind !== 'log') throw new Error('the second message is an entry of the log');
    feed.message({ kind: 'partial', head: first.offset, revision: 5, partial });
    await logWasRead(redis);
    expect(segments(sent)).toEqual([0, 1]);
  });

  it('I5: buffers messages that arrive before the start', async () => {
    const { feed, head, published, sent, redis } = await feedOf(2);
    for (const envelope of published.slice(2)) feed.message(envelope);
    expect(sent).toEqual([]);
    feed.startAfter(head);
    await logWasRead(redis);
    expect(segments(sent)).toEqual([0, 1]);
  });

  it('I23: delivers the log, then the live messages that arrived meanwhile, to a later subscriber, without duplicates', async () => {
    const { feed, head, published } = await feedOf(4);
    feed.startAfter(head);
    for (const envelope of published.slice(0, 4)) feed.message(envelope);
    const late: ServerMessage[] = [];
    const subscriber = subscriberInto(late);
    const attached = feed.attach(subscriber, head);
    for (const envelope of published.slice(4)) feed.message(envelope);
    await attached;
    expect(segments(late)).toEqual([0, 1, 2, 3]);
  });

  it('I39: delivers what is concluded of an open segment to a later subscriber, then live partials', async () => {
    const redis = server.connect();
    const { sessionId, head, hold, segments: store } = await openSession(redis);
    const { lease } = await hold(1, 0);
    const body = {
      ...metadata,
      type: 'partial',
      segmentId: 1,
      targetLanguage: 'es',
      text: 'buenos días',
      concludedLength: 6,
      queueMs: 0,
      engineMs: 0,
    } as const;
    await store.commit({ sessionId, segmentId: 1, target: 'es' }, lease, 0, body);
    const registry = createProcessRegistry();
    const feed = new SessionFeed({
      sessionId,
      deps: {
        log: new LogReader(redis),
        metrics: createEdgeMetrics(registry),
        logger: createLogger({ LOG_LEVEL: 'silent' }, 'edge'),
      },
      onPartial: () => undefined,
    });
    feed.startAfter(head);
    await logWasRead(redis);
    const late: ServerMessage[] = [];
    const attached = feed.attach(subscriberInto(late), head);
    const newer = { ...body, text: 'buenos días a todos', concludedLength: 11 };
    feed.message({ kind: 'partial', head, revision: 1, partial: newer });
    await attached;
    expect(late).toMatchObject([
      { revision: 0, concluded: 'buenos', tentative: ' días' },
      { revision: 1, concluded: 'buenos días', tentative: ' a todos' },
    ]);
  });

  it('I5: reads the log after a reconnect', async () => {
    const { feed, head, sent, redis } = await feedOf(4);
    feed.startAfter(head);
    feed.lookForMissed();
    await logWasRead(redis);
    expect(segments(sent)).toEqual([0, 1, 2, 3]);
  });

  it('I4, I5: delivers each entry once and in order, whichever messages are lost', async () => {
    const random = seededRandom(testSeed('a lossy channel'));
    for (let round = 0; round < 20; round++) {
      const { feed, head, published, sent, redis } = await feedOf(10);
      feed.startAfter(head);
      for (const envelope of published) {
        if (random() < 0.6) feed.message(envelope);
        if (random() < 0.2) await once(server.connect(), 'ready');
      }
      feed.lookForMissed();
      await logWasRead(redis);
      await logWasRead(redis);
      expect(segments(sent)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const offsets = sent.map((message) => ('offset' in message ? message.offset : -1));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
  });
});
