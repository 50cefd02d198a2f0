import { describe, expect, it } from '@jest/globals';
import { countAudience, Presence } from '../src/session/index.ts';
import { listen, openSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();
const presence = new Presence(redis);

/** An audience in which each list is the languages of one listener. */
const audienceOf = (...listeners: string[][]) => countAudience(listeners.map((languages) => ({ languages })));

async function attended() {
  const { sessionId } = await openSession(redis);
  return {
    sessionId,
    audienceKey: `{s:${sessionId}}:audience`,
    renew: (edge: string, ...listeners: string[][]) =>
      presence.renewLease({ sessionId, owner: undefined, edge, audience: audienceOf(...listeners), languages: [] }),
    /** Renews the lease of the owner, on an edge of its own. */
    heard: async () => {
      const renewed = await presence.renewLease({ sessionId, owner: 'owner', edge: 'host', languages: [] });
      return renewed.status === 'here' ? renewed.audience : undefined;
    },
  };
}

describe('the audience of a session', () => {
  it('counts listeners over all edges, once each, and once in each of their languages', async () => {
    const { renew, heard } = await attended();
    expect(await heard()).toEqual({ listeners: 0, languages: [] });
    expect(await renew('a', ['es', 'en'], ['es'])).toMatchObject({ audience: undefined });
    await renew('b', ['zh-Hant'], ['es']);
    expect(await heard()).toEqual({
      listeners: 4,
      languages: [
        { language: 'es', listeners: 3 },
        { language: 'en', listeners: 1 },
        { language: 'zh-Hant', listeners: 1 },
      ],
    });
    await renew('a');
    expect(await heard()).toMatchObject({ listeners: 2 });
  });

  it('has a record of how many there were at most while the speaker was connected', async () => {
    const { renew, heard, sessionId } = await attended();
    const most = () => redis.hget(`{s:${sessionId}}:session`, 'mostListeners');
    await heard();
    expect(await most()).toBeNull();
    await renew('a', ['es'], ['es'], ['fr']);
    await heard();
    await renew('a', ['es']);
    await heard();
    expect(await most()).toBe('3');
  });

  it('does not count an edge whose lease has expired, and forgets it', async () => {
    const { renew, heard, audienceKey } = await attended();
    await renew('dead', ['es']);
    await renew('live', ['fr']);
    await redis.hset(audienceKey, 'dead', '1 1 es=1');
    expect(await heard()).toEqual({ listeners: 1, languages: [{ language: 'fr', listeners: 1 }] });
    expect(await redis.hkeys(audienceKey)).toEqual(['live']);
  });

  it('is announced by an edge without the speaker, at changes only', async () => {
    const { renew, heard, sessionId } = await attended();
    const subscription = await listen(server, sessionId);
    await renew('a');
    await renew('a', ['es']);
    await renew('a', ['es']);
    await heard();
    await renew('a', ['fr']);
    await renew('a');
    expect(await subscription.all()).toEqual(['a a', 'a a', 'a a']);
  });

  it('names a bounded number of languages, those with the most listeners', () => {
    const rare = Array.from({ length: 300 }, (_, index) => [`x${index}`]);
    const { listeners, languages } = audienceOf(...rare, ['es'], ['es']);
    expect(listeners).toBe(302);
    expect(languages).toHaveLength(200);
    expect(languages[0]).toEqual({ language: 'es', listeners: 2 });
  });
});
