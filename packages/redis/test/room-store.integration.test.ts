import { expect, it } from '@jest/globals';
import { RoomStore } from '../src/room/index.ts';
import { JoinCodes, SessionCode } from '../src/session/index.ts';
import { listen, openSession, resending } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis, server } = await redisForFile();
const room = { tenant: 't', room: 'sunday' };
const code = (name: string) => ({ joinCode: name, joinCodeHash: `hash-of-${name}` });

it('I19, I43: a room is taken and changed once, however often the command is sent', async () => {
  const commands = {
    get: redis.get.bind(redis),
    set: redis.set.bind(redis),
    hget: redis.hget.bind(redis),
    pexpire: redis.pexpire.bind(redis),
  };
  const rooms = new RoomStore(Object.assign(resending(redis), commands));
  const taken = { ...code('A'), isOpen: true };
  expect(await rooms.take(room, 's1', code('A'))).toEqual({ ...taken, previousSessionId: undefined });
  expect(await rooms.take(room, 's2', code('B'))).toEqual({ ...taken, previousSessionId: 's1' });
  expect(await rooms.setCode(room, 's1', { ...code('C'), isOpen: true })).toBe('lost');
  expect(await rooms.setCode(room, 's2', { ...code('D'), isOpen: false })).toBe('set');
  expect(await rooms.find('hash-of-A')).toMatchObject({ ...room, sessionIds: ['s2', 's1'], isCurrent: false });
  expect(await rooms.find('hash-of-D')).toMatchObject({ isCurrent: false });
  expect(await rooms.take(room, 's3', code('E'))).toEqual({ ...code('D'), isOpen: false, previousSessionId: 's2' });
  expect(await rooms.setCode(room, 's3', { ...code('D'), isOpen: true })).toBe('set');
  expect(await rooms.find('hash-of-D')).toEqual({ ...room, sessionIds: ['s3', 's2'], isCurrent: true });
});

it('forgets a code of a room an hour after it was changed, or once no transcript of that time is kept', async () => {
  const rooms = new RoomStore(redis);
  const monday = { tenant: 't', room: 'monday' };
  const hourMs = 3_600_000;
  await rooms.take(monday, 's1', code('M'));
  await rooms.setCode(monday, 's1', { ...code('M'), isOpen: false });
  expect(await redis.pttl('room-code:hash-of-M')).toBeGreaterThan(hourMs);
  await rooms.setCode(monday, 's1', { ...code('N'), isOpen: true });
  expect(await redis.pttl('room-code:hash-of-M')).toBeLessThanOrEqual(hourMs);
  expect(await redis.pttl('room-code:hash-of-M')).toBeGreaterThan(0);
  expect(await redis.pttl('room-code:hash-of-N')).toBeGreaterThan(hourMs);
  const keepsTranscripts = new RoomStore(redis, { transcriptRetentionMs: 3 * hourMs });
  await keepsTranscripts.setCode(monday, 's1', { ...code('O'), isOpen: true });
  expect(await redis.pttl('room-code:hash-of-N')).toBeGreaterThan(2 * hourMs);
  expect(await redis.pttl('room-code:hash-of-N')).toBeLessThanOrEqual(3 * hourMs);
});

it('I19: the code of a session is changed once, however often the command is sent, and edges are told', async () => {
  const { sessionId, connection } = { ...(await openSession(redis)), connection: 'owner' };
  const notices = await listen(server, sessionId);
  const codes = new SessionCode(resending(redis));
  const change = (action: 'change' | 'close' | 'open', name: string) =>
    codes.change(sessionId, connection, action, code(name));
  // The session was opened without the text of its code, as by an earlier version: only its hash is known.
  expect(await change('close', 'A')).toMatchObject({ status: 'updated', joinCodeHash: 'j', isOpen: false });
  expect(await change('open', 'B')).toMatchObject({ ...code('B'), isOpen: true, room: undefined });
  expect(await change('change', 'C')).toMatchObject({ ...code('C'), isOpen: true });
  expect(await codes.change(sessionId, 'another', 'close', code('D'))).toEqual({ status: 'fenced' });
  expect(new Set(await notices.all())).toEqual(new Set(['c changed']));
  await codes.release(sessionId, 'hash-of-another');
  expect(await redis.hget(`{s:${sessionId}}:session`, 'joinCode')).toBe('hash-of-C');
  await codes.release(sessionId, 'hash-of-C');
  expect(await redis.hmget(`{s:${sessionId}}:session`, 'joinCode', 'joinCodeText')).toEqual(['', '']);
});

it('finds no session by a code that the session has no more', async () => {
  const { sessionId } = await openSession(redis);
  const joinCodes = new JoinCodes(redis, new RoomStore(redis));
  await joinCodes.add('j', { sessionId, tenant: 't' });
  expect(await joinCodes.find('j')).toEqual({ status: 'open', sessionId, tenant: 't', hasEnded: false });
  await new SessionCode(redis).change(sessionId, 'owner', 'change', code('N'));
  expect(await joinCodes.find('j')).toEqual({ status: 'closed' });
  expect(await joinCodes.find('never used')).toBeUndefined();
});

it('I43: the session before has the code of the room until the newest one has begun', async () => {
  const rooms = new RoomStore(redis);
  const joinCodes = new JoinCodes(redis, rooms);
  const relay = { tenant: 't', room: 'relay' };
  const [before, newest] = [await openSession(redis), await openSession(redis)];
  const joinCodeHash = 'hash-of-R';
  const begin = ({ sessionId }: { sessionId: string }) =>
    redis.hset(`{s:${sessionId}}:session`, 'joinCode', joinCodeHash, 'currentJoinCode', joinCodeHash);
  await rooms.take(relay, before.sessionId, code('R'));
  await begin(before);
  const open = { status: 'open', tenant: 't', room: 'relay', hasEnded: false };
  // It has taken the room, but failed to start.
  await rooms.take(relay, 'never-begun', code('S'));
  expect(await joinCodes.find(joinCodeHash)).toEqual({ ...open, sessionId: before.sessionId });
  await new SessionCode(redis).release(before.sessionId, joinCodeHash);
  expect(await joinCodes.find(joinCodeHash)).toEqual({ status: 'waiting', tenant: 't', room: 'relay' });

  await rooms.take(relay, newest.sessionId, code('T'));
  await begin(newest);
  expect(await joinCodes.find(joinCodeHash)).toEqual({ ...open, sessionId: newest.sessionId });
  // Another session is about to follow: it has released this one, but the room was read before.
  await new SessionCode(redis).release(newest.sessionId, joinCodeHash);
  expect(await joinCodes.find(joinCodeHash)).toMatchObject({ status: 'waiting' });
  await begin(newest);
  await new SessionCode(redis).change(newest.sessionId, 'owner', 'close', code('U'));
  expect(await joinCodes.find(joinCodeHash)).toEqual({ status: 'closed' });
});
