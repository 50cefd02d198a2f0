import { describe, expect, it } from '@jest/globals';
import { SessionInspection } from '../src/schedule/index.ts';
import { Presence, type SessionSettings } from '../src/session/index.ts';
import { jobOf, listen, openSession, metadata, translatedPartial, unlimited } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

async function attended(changed: Partial<SessionSettings> = {}) {
  const opened = await openSession(redis, changed);
  const { sessionId } = opened;
  const presence = new Presence(redis);
  const requested = new Map<string, string[]>();
  return {
    ...opened,
    transcript: {
      sessionId,
      connection: 'owner',
      segmentId: 1,
      revision: 0,
      text: 'hello',
      metadata,
      targets: ['fr'],
      copies: [{ target: '=', body: translatedPartial(1, 'en', 'hello') }],
      maxOpenSegments: 32,
      maxOpenBytes: 1e9,
    },
    /** Languages that an edge renewed before, and does not any more, count as given up. */
    renew: async (edge: string, languages: string[], areOthersGivenUp = true) => {
      const givenUp = (requested.get(edge) ?? []).filter(
        (language) => areOthersGivenUp && !languages.includes(language),
      );
      requested.set(edge, languages);
      const result = await presence.renewLease({ sessionId, owner: undefined, edge, languages, givenUp });
      return result.status === 'gone' ? [] : [...result.listenerTargets];
    },
  };
}

describe('languages requested by listeners', () => {
  it('are limited to the targets of the host by default', async () => {
    const { renew } = await attended();
    expect(await renew('a', ['es', 'fr'])).toEqual(['es']);
  });

  it('I22: include targets of the host, since its edge may have missed the request', async () => {
    const { renew, sessions, sessionId, settings } = await attended({ listenerLanguages: 1 });
    const subscription = await listen(server, sessionId);
    expect(await renew('a', ['fr'])).toEqual(['fr']);
    await sessions.update(sessionId, 'owner', { ...settings, listenerLanguages: 1, targetLanguages: ['es', 'fr'] });
    expect(await subscription.all()).toEqual(['w fr']);
    // It does not count against the allowed number.
    expect(await renew('b', ['de'])).toEqual(['fr', 'de']);
  });

  it('I22: are those of the allowed list, from the first request until the last listener has left, on any edge', async () => {
    const { renew, sessionId } = await attended({ listenerLanguages: ['fr', 'de'] });
    const subscription = await listen(server, sessionId);
    expect(await renew('a', ['fr', 'it'])).toEqual(['fr']);
    expect(await renew('b', ['fr', 'de'])).toEqual(['fr', 'de']);
    expect(await renew('a', [])).toEqual(['fr', 'de']);
    expect(await renew('b', ['de'])).toEqual(['de']);
    expect(await renew('b', [])).toEqual([]);
    expect(await subscription.all()).toEqual(['w fr', 'w fr,de', 'w de', 'w ']);
  });

  it('are limited to the number that the host allows, first come, first served', async () => {
    const { renew } = await attended({ listenerLanguages: 2 });
    expect(await renew('a', ['fr', 'pt'])).toEqual(['fr', 'pt']);
    expect(await renew('b', ['ca', 'de'])).toEqual(['fr', 'pt']);
    expect(await renew('a', ['pt'])).toEqual(['pt', 'ca']);
  });

  it('may include the source language, which means the transcript itself', async () => {
    const { renew } = await attended();
    expect(await renew('a', ['en', 'fr'])).toEqual(['=']);
  });

  it('end when the host withdraws its permission', async () => {
    const { renew, sessions, sessionId, settings } = await attended({ listenerLanguages: ['fr'] });
    expect(await renew('a', ['fr'])).toEqual(['fr']);
    expect(await sessions.update(sessionId, 'owner', { ...settings, listenerLanguages: [] })).toBe('updated');
    expect(await renew('a', ['fr'])).toEqual([]);
  });

  it('are targets of partials like those of the host', async () => {
    const { renew, segments, take, commit, transcript, sessionId } = await attended({ listenerLanguages: ['fr'] });
    const listenerTargets = await renew('a', ['fr']);
    const { lease, work } = await take(1, jobOf(await segments.put({ ...transcript, listenerTargets })));
    expect(work.targets).toEqual(['fr']);
    expect((await segments.renew(sessionId, [lease])).wanted).toEqual(new Set(['es', 'fr']));
    await renew('a', []);
    expect((await segments.renew(sessionId, [lease])).wanted).not.toContain('fr');
    expect(await commit(lease, { target: 'fr' })).toMatchObject({ status: 'unwanted' });
  });

  it('I22: are returned to an edge that does not know them, and nothing is put, shown or accepted without them', async () => {
    const { renew, segments, pending, transcript, sessionId } = await attended({ listenerLanguages: ['fr'] });
    const listenerTargets = await renew('a', ['fr', 'en']);
    const settle = { ...transcript, listenersOnly: ['fr'], copies: [] };
    const subscription = await listen(server, sessionId);
    const refusal = { status: 'listeners', listenerTargets: ['=', 'fr'] };
    for (const outdated of [[], ['fr'], ['fr', '=']]) {
      expect(await segments.put({ ...transcript, listenerTargets: outdated })).toEqual(refusal);
      expect(await pending.settle({ ...settle, listenerTargets: outdated }, unlimited)).toEqual(refusal);
    }
    const keys = ['segments', 'log', 'open', 'segment:1'].map((name) => `{s:${sessionId}}:${name}`);
    expect(await redis.exists(...keys)).toBe(0);
    expect(await subscription.all()).toEqual([]);
    expect(await pending.settle({ ...settle, listenerTargets }, unlimited)).toMatchObject({ status: 'accepted' });
    // The same final again returns what was accepted, whatever listeners request now.
    expect(await pending.settle({ ...settle, listenerTargets: [] }, unlimited)).toMatchObject({ status: 'accepted' });
  });

  it('I22: keep the rest of their lease if the listeners of an edge were cut off', async () => {
    const { renew, sessionId } = await attended({ listenerLanguages: ['fr'] });
    await renew('a', ['fr']);
    expect(await renew('a', [], false)).toEqual(['fr']);
    await redis.hset(`{s:${sessionId}}:wanted`, 'a fr', Date.now());
    expect(await renew('a', [], false)).toEqual([]);
  });

  it('I22: expire with the lease of their edge', async () => {
    const { renew, sessionId } = await attended({ listenerLanguages: ['fr'] });
    await renew('dead', ['fr']);
    await redis.hset(`{s:${sessionId}}:wanted`, 'dead fr', '1');
    await new SessionInspection(redis).inspect(sessionId, true);
    expect(await redis.hget(`{s:${sessionId}}:session`, 'listenerTargets')).toBe('');
  });
});

it('reports to an owner that it was replaced', async () => {
  const { sessionId } = await openSession(redis);
  const presence = new Presence(redis);
  const at = { sessionId, edge: 'a', languages: [] };
  expect(await presence.renewLease({ ...at, owner: 'owner' })).toMatchObject({ status: 'here' });
  expect(await presence.renewLease({ ...at, owner: 'another' })).toMatchObject({ status: 'fenced' });
  expect(await presence.renewLease({ ...at, sessionId: 'nobody', owner: 'owner' })).toEqual({ status: 'gone' });
});
