import { loadConfig } from '@parley/config';
import { QueueProducer } from '@parley/queues';
import { PendingStore } from '@parley/redis/pending';
import { RoomStore } from '@parley/redis/room';
import { SessionInspection, SessionSchedule } from '@parley/redis/schedule';
import { CacheErasures, JoinCodes, SessionCode } from '@parley/redis/session';
import { createLogger } from '@parley/telemetry';
import { expect, it } from '@jest/globals';
import { listen, openSession } from '../../../packages/redis/test/fixture.ts';
import { redisForFile } from '../../../packages/redis/test/redis-for-file.ts';
import { Sweeper } from '../src/sweeper/sweeper.ts';

const { redis, server } = await redisForFile();
const rooms = new RoomStore(redis);
const joinCodes = new JoinCodes(redis, rooms);
const schedule = new SessionSchedule(redis);
const code = { joinCode: 'R', joinCodeHash: 'hash-of-R' };
const room = { tenant: 't', room: 'sunday' };
const codeOf = (sessionId: string) => redis.hget(`{s:${sessionId}}:session`, 'joinCode');

/** A session that has the room, as its edge has left it. */
async function sessionOfRoom(): Promise<string> {
  const { sessionId } = await openSession(redis);
  await rooms.take(room, sessionId, code);
  await redis.hset(`{s:${sessionId}}:session`, { joinCode: code.joinCodeHash, currentJoinCode: code.joinCodeHash });
  return sessionId;
}

it('I43: a room is taken from the session before, even if the edge of the newest one died before it could', async () => {
  await using resources = new AsyncDisposableStack();
  const queues = resources.adopt(new QueueProducer(redis, 1, () => undefined), (producer) => producer.close());
  const sweeper = new Sweeper({
    schedule,
    inspection: new SessionInspection(redis),
    pending: new PendingStore(redis),
    joinCodes,
    sessionCode: new SessionCode(redis),
    cacheErasures: new CacheErasures(redis),
    queues,
    onEnded: () => Promise.resolve(),
    eraseCached: () => Promise.resolve(),
    logger: createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker'),
  });
  resources.use(sweeper);
  const before = await sessionOfRoom();
  const notices = await listen(server, before);
  /** Resolves when the session was inspected once more. */
  const inspected = async (sessionId: string): Promise<void> => {
    await schedule.schedule(sessionId, 0);
    const isDue = async () => Number(await redis.zscore('deadlines:0', sessionId)) / 1000 < Date.now() + 20_000;
    while (await isDue()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  // A session that never begins leaves the one before it its code.
  await rooms.take(room, 'never-begun', code);
  await inspected(before);
  expect(await codeOf(before)).toBe(code.joinCodeHash);
  const newest = await sessionOfRoom();
  await inspected(newest);
  await inspected(before);
  expect([await codeOf(before), await codeOf(newest)]).toEqual(['', code.joinCodeHash]);
  expect(await notices.all()).toEqual(['c changed']);
});
