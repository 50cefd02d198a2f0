import { expect, it } from '@jest/globals';
import { LogReader } from '../src/log/index.ts';
import { Presence, SessionDirectory, SessionErasure } from '../src/session/index.ts';
import { listenToWork, openSession, resending } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();
const languages = { sourceLanguage: 'en', targetLanguages: ['es'] };

it('a closed session accepts nothing more, and can still be erased', async () => {
  const session = await openSession(redis);
  const { sessionId } = session;
  const work = await listenToWork(server, sessionId);
  await session.hold(1, 0);
  const erasure = new SessionErasure(redis);
  expect(await erasure.close(sessionId)).toBe('closed');
  expect(await work.all()).toContainEqual({ v: 1, type: 'ended' });
  expect(await session.settle(2)).toEqual({ status: 'ending' });
  expect(await erasure.erase(sessionId, languages)).toBe('erased');
});

it('I41: an erased session leaves no text behind, only its end', async () => {
  const session = await openSession(redis, {
    context: 'secret context',
    glossary: [{ source: 'secret', target: 's' }],
  });
  const { sessionId } = session;
  await session.hold(1, 0, 'secret partial');
  await session.settle(2, 'secret final');
  await session.resolve(2, 'es', 'secret translation');
  await session.settle(3, 'secret outstanding');
  const audience = { listeners: 2, languages: [{ language: 'es', listeners: 2 }] };
  await new Presence(redis).renewLease({ sessionId, owner: undefined, edge: 'a', audience, languages: ['es'] });
  const head = Number(await redis.hget(`{s:${sessionId}}:session`, 'head'));

  const erasure = new SessionErasure(resending(redis));
  expect(await erasure.erase(sessionId, languages)).toBe('erased');
  const keys = (await redis.keys(`{s:${sessionId}}*`)).sort();
  expect(keys).toEqual([`{s:${sessionId}}:log`, `{s:${sessionId}}:session`]);
  const left = JSON.stringify([await redis.hgetall(keys[1] ?? ''), await redis.xrange(keys[0] ?? '', '-', '+')]);
  expect(left).not.toContain('secret');
  for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);

  const after = await new LogReader(redis).readAfter(sessionId, head);
  expect(after).toMatchObject([{ entry: { type: 'ended', usage: { segments: 2, translations: 1 } } }]);
  // A worker that was translating comes too late.
  expect(await session.resolve(3)).toBe('none');
  expect(await new LogReader(redis).readAfter(sessionId, 0)).toHaveLength(1);
  expect(await new Presence(redis).renewLease({ sessionId, owner: undefined, edge: 'a', languages: [] })).toMatchObject(
    {
      ended: true,
      trimmedTo: head,
      settings: { ...languages, glossary: [] },
    },
  );
});

it('nobody finds an erased session, or erases it again', async () => {
  const { sessionId } = await openSession(redis);
  const erasure = new SessionErasure(redis);
  await erasure.erase(sessionId, languages);
  expect(await new SessionDirectory(redis).describe(sessionId)).toBeUndefined();
  expect(await erasure.close(sessionId)).toBe('gone');
  expect(await erasure.erase(sessionId, languages)).toBe('gone');
  expect(await erasure.erase('nobody', languages)).toBe('gone');
});
