import { expect, it } from '@jest/globals';
import { DegradedNotices } from '../src/channel/index.ts';
import { parseEnvelope } from '../src/channel/envelope.ts';
import { listen } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server } = await redisForFile();

it('publishes each reason at most once a second per session', async () => {
  const [one, other] = [await listen(server, 'one'), await listen(server, 'other')];
  const redis = server.connect();
  await redis.ping();
  let now = 0;
  const notices = new DegradedNotices(redis, () => now);
  notices.publish('one', 'rate-limited');
  notices.publish('one', 'rate-limited');
  notices.publish('one', 'engine-down');
  notices.publish('other', 'rate-limited');
  now = 1000;
  notices.publish('one', 'rate-limited');
  await redis.ping();
  const envelopes = (await one.all()).map((message) => parseEnvelope(message));
  expect(envelopes).toEqual([
    { kind: 'degraded', reason: 'rate-limited' },
    { kind: 'degraded', reason: 'engine-down' },
    { kind: 'degraded', reason: 'rate-limited' },
  ]);
  expect(await other.all()).toEqual(['d rate-limited']);
  expect(() => parseEnvelope('d of-a-newer-version')).toThrow('unknown degraded reason');
});

it('publishes overloaded every five seconds', async () => {
  const session = await listen(server, 'busy');
  const redis = server.connect();
  await redis.ping();
  let now = 0;
  const notices = new DegradedNotices(redis, () => now);
  for (; now <= 5000; now += 500) notices.publish('busy', 'overloaded');
  await redis.ping();
  expect(await session.all()).toEqual(['d overloaded', 'd overloaded']);
});

it('drops the oldest notice when too many are remembered', async () => {
  const [first, second] = [await listen(server, 'first'), await listen(server, 'second')];
  const redis = server.connect();
  await redis.ping();
  let now = 0;
  const notices = new DegradedNotices(redis, () => now);
  notices.publish('first', 'rate-limited');
  notices.publish('second', 'rate-limited');
  now = 1000;
  notices.publish('first', 'rate-limited');
  now = 1500;
  for (let other = 0; other < 4095; other++) notices.publish(`other ${other}`, 'rate-limited');
  notices.publish('first', 'rate-limited');
  await redis.ping();
  expect(await second.all()).toHaveLength(1);
  expect(await first.all()).toHaveLength(2);
  notices.publish('one more', 'rate-limited');
  notices.publish('first', 'rate-limited');
  await redis.ping();
  expect(await first.all()).toHaveLength(3);
});
