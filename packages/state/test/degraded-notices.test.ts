import { expect, it } from '@jest/globals';
import { DegradedNotices } from '../src/index.ts';
import { parseEnvelope } from '../src/channel/envelope.ts';
import { listen } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server } = await redisForFile();

it('a session is told a reason at most once a second, and each session and reason by itself', async () => {
  const [one, other] = [await listen(server, 'one'), await listen(server, 'other')];
  const redis = server.connect();
  await redis.ping();
  let now = 0;
  const notices = new DegradedNotices(redis, () => now);
  notices.say('one', 'rate-limited');
  notices.say('one', 'rate-limited');
  notices.say('one', 'engine-down');
  notices.say('other', 'rate-limited');
  now = 1000;
  notices.say('one', 'rate-limited');
  await redis.ping();
  const heard = (await one.all()).map((message) => parseEnvelope(message));
  expect(heard).toEqual([
    { kind: 'degraded', reason: 'rate-limited' },
    { kind: 'degraded', reason: 'engine-down' },
    { kind: 'degraded', reason: 'rate-limited' },
  ]);
  expect(await other.all()).toEqual(['d rate-limited']);
  expect(() => parseEnvelope('d of-a-newer-version')).toThrow('unknown reason');
});
