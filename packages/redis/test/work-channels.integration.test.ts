import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { WorkChannels, type WorkListener, type WorkMessage } from '../src/segment/index.ts';
import { Presence } from '../src/session/index.ts';
import { openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

const allButTimeouts = [
  ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval'] as const),
];

let opened = new DisposableStack();

afterEach(() => {
  jest.useRealTimers();
  opened.dispose();
  opened = new DisposableStack();
});

/** A listener whose messages can be awaited one by one; `'missed'` means that messages may have been missed. */
function createListener() {
  const subscription: (WorkMessage | 'missed')[] = [];
  let notify = (): void => undefined;
  const add = (message: WorkMessage | 'missed'): void => {
    subscription.push(message);
    notify();
  };
  const listener: WorkListener = { message: add, missed: () => add('missed') };
  return {
    subscription,
    listener,
    next: async () => {
      while (subscription.length === 0) await new Promise<void>((resolve) => (notify = resolve));
      return subscription.shift();
    },
  };
}

function openChannels() {
  const subscriber = server.connect();
  return { subscriber, channels: opened.use(new WorkChannels(subscriber)) };
}

const channelOf = (sessionId: string) => `{s:${sessionId}}:work`;

async function subscribers(sessionId: string): Promise<number> {
  const [, count] = (await redis.pubsub('SHARDNUMSUB', channelOf(sessionId))) as [string, number];
  return count;
}

/** The number of subscribe commands of all connections. */
async function subscriptionCalls(): Promise<number> {
  const stats = await redis.info('commandstats');
  return Number(/cmdstat_ssubscribe:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

describe('the work channel of a session', () => {
  it('delivers puts, settled and evicted segments, changed settings, and the end', async () => {
    const session = await openSession(redis, { listenerLanguages: ['fr'] });
    const { sessionId, hold, put, putPartial, settle, sessions, settings } = session;
    const { channels } = openChannels();
    const { listener, next } = createListener();
    await channels.subscribe(sessionId, listener);
    const { work } = await hold(1, 0, 'one');
    await hold(2, 0, 'two');
    await put(1, 1, 'one more');
    expect(await next()).toMatchObject({ ...work, revision: 1, text: 'one more', digest: expect.any(String) });
    await settle(1, 'one');
    expect(await next()).toEqual({ v: 1, type: 'settled', segmentId: 1, digest: work.digest });
    await sessions.update(sessionId, 'owner', { ...settings, targetLanguages: ['es', 'ca'] });
    expect(await next()).toEqual({ v: 1, type: 'settings', targets: 'es,ca,' });
    await new Presence(redis).renewLease({ sessionId, owner: undefined, edge: 'e', languages: ['fr'] });
    expect(await next()).toEqual({ v: 1, type: 'settings', targets: 'es,ca,fr' });
    const partial = { segmentId: 3, revision: 0, listenerTargets: ['fr'] };
    await putPartial({ ...partial, maxOpenSegments: 1 });
    expect(await next()).toEqual({ v: 1, type: 'evicted', segmentId: 2 });
    const again = await putPartial(partial);
    await session.take(3, again.status === 'put' ? (again.job?.number ?? '') : '');
    await sessions.end(sessionId, 'owner');
    expect(await next()).toEqual({ v: 1, type: 'ended' });
  });

  it('is subscribed once for all segments of a session, even for concurrent requests', async () => {
    const { channels } = openChannels();
    const [sessionId, other] = [randomUUID(), randomUUID()];
    const before = await subscriptionCalls();
    const [one, two, elsewhere] = [createListener(), createListener(), createListener()];
    const [first, second] = await Promise.all([
      channels.subscribe(sessionId, one.listener),
      channels.subscribe(sessionId, two.listener),
      channels.subscribe(other, elsewhere.listener),
    ]);
    expect((await subscriptionCalls()) - before).toBe(2);
    const say = (segmentId: number) =>
      redis.spublish(channelOf(sessionId), JSON.stringify({ v: 1, type: 'evicted', segmentId }));
    await say(1);
    expect([await one.next(), await two.next()]).toMatchObject([{ segmentId: 1 }, { segmentId: 1 }]);
    first[Symbol.dispose]();
    await say(2);
    expect(await two.next()).toMatchObject({ segmentId: 2 });
    expect([one.subscription, elsewhere.subscription]).toEqual([[], []]);
    second[Symbol.dispose]();
  });

  it('reports that messages may be missed if one cannot be parsed', async () => {
    const { channels } = openChannels();
    const sessionId = randomUUID();
    const { listener, next } = createListener();
    await channels.subscribe(sessionId, listener);
    for (const unreadable of ['no JSON', '{"v":2,"type":"ended"}', '{"v":1,"type":"of a newer version"}']) {
      await redis.spublish(channelOf(sessionId), unreadable);
      expect(await next()).toBe('missed');
    }
    await redis.spublish(channelOf(sessionId), '{"v":1,"type":"ended"}');
    expect(await next()).toEqual({ v: 1, type: 'ended' });
  });

  it('is subscribed again after the connection was lost, and reports missed messages', async () => {
    const { channels, subscriber } = openChannels();
    const sessionId = randomUUID();
    const { listener, next } = createListener();
    await channels.subscribe(sessionId, listener);
    const isBack = once(subscriber, 'ready');
    subscriber.disconnect(true);
    await isBack;
    expect(await next()).toBe('missed');
    await redis.spublish(channelOf(sessionId), '{"v":1,"type":"ended"}');
    expect(await next()).toEqual({ v: 1, type: 'ended' });
  });

  it('can be requested again after Redis has rejected it', async () => {
    await redis.acl('SETUSER', 'deaf', 'on', 'nopass', '~*', '+@all', 'resetchannels');
    const subscriber = new Redis(server.url, { username: 'deaf', password: 'any', autoResubscribe: false });
    subscriber.on('error', () => undefined);
    opened.defer(() => subscriber.disconnect());
    const channels = opened.use(new WorkChannels(subscriber));
    const sessionId = randomUUID();
    const { listener, next } = createListener();
    const refused = await Promise.allSettled([1, 2].map(() => channels.subscribe(sessionId, listener)));
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await redis.acl('SETUSER', 'deaf', 'allchannels');
    await channels.subscribe(sessionId, listener);
    await redis.spublish(channelOf(sessionId), '{"v":1,"type":"ended"}');
    expect(await next()).toEqual({ v: 1, type: 'ended' });
  });

  it('I18, I20: is kept for ten seconds after its last user and then unsubscribed', async () => {
    const { channels } = openChannels();
    const sessionId = randomUUID();
    const { listener } = createListener();
    // Fakes only the timer that keeps unused subscriptions.
    jest.useFakeTimers({ doNotFake: allButTimeouts });
    const subscribe = () => channels.subscribe(sessionId, listener);
    (await subscribe())[Symbol.dispose]();
    jest.advanceTimersByTime(9000);
    expect(await subscribers(sessionId)).toBe(1);
    const before = await subscriptionCalls();
    const again = await subscribe();
    expect(await subscriptionCalls()).toBe(before);
    jest.advanceTimersByTime(60_000);
    expect(await subscribers(sessionId)).toBe(1);
    again[Symbol.dispose]();
    jest.advanceTimersByTime(9999);
    expect(await subscribers(sessionId)).toBe(1);
    jest.advanceTimersByTime(1);
    jest.useRealTimers();
    while ((await subscribers(sessionId)) > 0) await wait(5);
    expect(await subscribers(sessionId)).toBe(0);
  });
});
