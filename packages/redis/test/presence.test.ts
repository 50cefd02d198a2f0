import { describe, expect, it } from '@jest/globals';
import { SessionInspection } from '../src/schedule/index.ts';
import { Presence, type SessionSettings } from '../src/session/index.ts';
import { jobOf, listen, openSession, metadata, translatedPartial } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

async function attended(changed: Partial<SessionSettings> = {}) {
  const opened = await openSession(redis, changed);
  const { sessionId } = opened;
  const presence = new Presence(redis);
  return {
    ...opened,
    said: {
      sessionId,
      connection: 'owner',
      segmentId: 1,
      revision: 0,
      text: 'hello',
      metadata,
      targets: ['fr'],
      copies: [{ target: '=', body: translatedPartial(1, 'en', 'hello') }],
      maxOpenSegments: 32,
    },
    renew: async (edge: string, languages: string[]) => {
      const result = await presence.renewLease({ sessionId, owner: undefined, edge, languages });
      return result.status === 'gone' ? [] : [...result.listenerTargets];
    },
  };
}

describe('languages that listeners want', () => {
  it('are the host’s own alone where it offers no others', async () => {
    const { renew } = await attended();
    expect(await renew('a', ['es', 'fr'])).toEqual(['es']);
  });

  it('I22: stay named when the host takes them itself: its edge may miss that', async () => {
    const { renew, sessions, sessionId, settings } = await attended({ listenerLanguages: 1 });
    const heard = await listen(server, sessionId);
    expect(await renew('a', ['fr'])).toEqual(['fr']);
    await sessions.update(sessionId, 'owner', { ...settings, listenerLanguages: 1, targetLanguages: ['es', 'fr'] });
    expect(await heard.all()).toEqual(['w fr']);
    // And it takes nobody's place.
    expect(await renew('b', ['de'])).toEqual(['fr', 'de']);
  });

  it('I22: are those of the list, from the first who wants one until the last has left, on any edge', async () => {
    const { renew, sessionId } = await attended({ listenerLanguages: ['fr', 'de'] });
    const heard = await listen(server, sessionId);
    expect(await renew('a', ['fr', 'it'])).toEqual(['fr']);
    expect(await renew('b', ['fr', 'de'])).toEqual(['fr', 'de']);
    expect(await renew('a', [])).toEqual(['fr', 'de']);
    expect(await renew('b', ['de'])).toEqual(['de']);
    expect(await renew('b', [])).toEqual([]);
    expect(await heard.all()).toEqual(['w fr', 'w fr,de', 'w de', 'w ']);
  });

  it('are so many as the host allows, and those that came first stay', async () => {
    const { renew } = await attended({ listenerLanguages: 2 });
    expect(await renew('a', ['fr', 'pt'])).toEqual(['fr', 'pt']);
    expect(await renew('b', ['ca', 'de'])).toEqual(['fr', 'pt']);
    expect(await renew('a', ['pt'])).toEqual(['pt', 'ca']);
  });

  it('may be the source language: that is the transcript itself, whatever the host offers', async () => {
    const { renew } = await attended();
    expect(await renew('a', ['en', 'fr'])).toEqual(['=']);
  });

  it('end with the host’s permission', async () => {
    const { renew, sessions, sessionId, settings } = await attended({ listenerLanguages: ['fr'] });
    expect(await renew('a', ['fr'])).toEqual(['fr']);
    expect(await sessions.update(sessionId, 'owner', { ...settings, listenerLanguages: [] })).toBe('updated');
    expect(await renew('a', ['fr'])).toEqual([]);
  });

  it('let partials be translated as the host’s own do', async () => {
    const { renew, segments, take, commit, said, sessionId } = await attended({ listenerLanguages: ['fr'] });
    const listenerTargets = await renew('a', ['fr']);
    const { lease, work } = await take(1, jobOf(await segments.put({ ...said, listenerTargets })));
    expect(work.targets).toEqual(['fr']);
    expect((await segments.renew(sessionId, [lease])).wanted).toEqual(new Set(['es', 'fr']));
    await renew('a', []);
    expect((await segments.renew(sessionId, [lease])).wanted).not.toContain('fr');
    expect(await commit(lease, { target: 'fr' })).toMatchObject({ status: 'unwanted' });
  });

  it('I22: are named to an edge that has not heard of them, and nothing is put, shown or accepted without them', async () => {
    const { renew, segments, pending, said, sessionId } = await attended({ listenerLanguages: ['fr'] });
    const listenerTargets = await renew('a', ['fr', 'en']);
    const settle = { ...said, listenersOnly: ['fr'], copies: [] };
    const heard = await listen(server, sessionId);
    const refusal = { status: 'listeners', listenerTargets: ['=', 'fr'] };
    for (const unheard of [[], ['fr'], ['fr', '=']]) {
      expect(await segments.put({ ...said, listenerTargets: unheard })).toEqual(refusal);
      expect(await pending.settle({ ...settle, listenerTargets: unheard })).toEqual(refusal);
    }
    const keys = ['segments', 'log', 'open', 'segment:1'].map((name) => `{s:${sessionId}}:${name}`);
    expect(await redis.exists(...keys)).toBe(0);
    expect(await heard.all()).toEqual([]);
    expect(await pending.settle({ ...settle, listenerTargets })).toMatchObject({ status: 'accepted' });
    // Sent again it is what was accepted, whoever listens by now.
    expect(await pending.settle({ ...settle, listenerTargets: [] })).toMatchObject({ status: 'accepted' });
  });

  it('I22: lapse with the edge that wanted them', async () => {
    const { renew, sessionId } = await attended({ listenerLanguages: ['fr'] });
    await renew('dead', ['fr']);
    await redis.hset(`{s:${sessionId}}:wanted`, 'dead fr', '1');
    await new SessionInspection(redis).inspect(sessionId, true);
    expect(await redis.hget(`{s:${sessionId}}:session`, 'listenerTargets')).toBe('');
  });
});

it('tells an owner that it is none any more', async () => {
  const { sessionId } = await openSession(redis);
  const presence = new Presence(redis);
  const at = { sessionId, edge: 'a', languages: [] };
  expect(await presence.renewLease({ ...at, owner: 'owner' })).toMatchObject({ status: 'here' });
  expect(await presence.renewLease({ ...at, owner: 'another' })).toMatchObject({ status: 'fenced' });
  expect(await presence.renewLease({ ...at, sessionId: 'nobody', owner: 'owner' })).toEqual({ status: 'gone' });
});
