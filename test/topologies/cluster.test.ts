import { loadConfig, redisServers } from '@parley/config';
import { ApiKeyStore } from '@parley/redis/api-key';
import { eraseCached } from '@parley/redis/cache';
import { connectRedis, type RedisConnection } from '@parley/redis/connection';
import { TenantErasure } from '@parley/redis/tenant-erasure';
import { translationKeyPrefix } from '@parley/translation';
import { Command } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resultOf, startLiveSpeaker, startStack, type LiveSpeaker, type TestStack } from '../harness/index.ts';
import { startCluster, type ClusterTopology, type RedisProcess } from '../harness/topologies/index.ts';
import { until } from '../harness/until.ts';
import { expectComplete, expectSessionsSurviveKills, nextFinal, startTalker, talk } from './session-with-kills.ts';

const opened = new AsyncDisposableStack();
let topology: ClusterTopology;
let stack: TestStack;
beforeAll(async () => {
  topology = opened.use(await startCluster());
  stack = opened.use(await startStack({ topology, edges: 2, workers: 2, env: { ACCEPT_WAIT_REPLICAS: '1' } }));
}, 120_000);
afterAll(() => opened.disposeAsync());

function connect(): RedisConnection {
  const redis = connectRedis(redisServers(loadConfig(topology.env)), { onError: () => undefined });
  return opened.adopt(redis, (connection) => connection.disconnect());
}

/** The slot of all keys of a session. */
function slotOf({ session }: LiveSpeaker): number {
  return new Command('get', [`{s:${session.started.sessionId}}`]).getSlot();
}

/** The names of the keys of sessions on all servers. */
async function keysOf(sessionIds: readonly string[]): Promise<string[]> {
  const keys = await Promise.all(topology.servers.map((server) => server.connect().keys('*')));
  return keys.flat().filter((key) => sessionIds.some((id) => key.includes(`{s:${id}}`)));
}

describe('Redis as a cluster', () => {
  it('I3, I6, I23: sessions survive the loss of an edge and a worker', async () => {
    await expectSessionsSurviveKills(stack);
  }, 120_000);

  it('I48, I50: sessions of a tenant are listed, and a tenant is deleted, on all masters', async () => {
    const { key } = await new ApiKeyStore(connect()).create(
      { tenant: 'doomed', name: 'test', scope: 'admin' },
      Date.now(),
    );
    const options = { sourceLanguage: 'en', targetLanguages: ['es'] };
    await using resources = new AsyncDisposableStack();
    const sessionIds: string[] = [];
    for (let count = 0; count < 6; count++) {
      const speaker = resources.use(await startLiveSpeaker(stack, { ...options, apiKey: key }));
      await speaker.session.sendFinal({ segmentId: 1, text: 'good morning' });
      await speaker.waitForMessage(resultOf(1));
      sessionIds.push(speaker.session.started.sessionId);
    }

    const listed: string[] = [];
    const headers = { authorization: `Bearer ${key}` };
    const url = new URL('/v1/sessions?limit=2', stack.edges[0]?.url);
    do {
      const response = await fetch(url, { headers });
      const page = (await response.json()) as { sessions: { sessionId: string }[]; nextCursor?: string };
      listed.push(...page.sessions.map(({ sessionId }) => sessionId));
      url.searchParams.set('cursor', page.nextCursor ?? '');
    } while (url.searchParams.get('cursor') !== '');
    expect(listed.sort()).toEqual(sessionIds.sort());

    expect(await new TenantErasure(connect()).erase('doomed')).toMatchObject({ keys: 1, sessions: 6 });
    await until('the edges refuse the key', async () => {
      const asked = stack.edges.map((edge) => fetch(new URL('/v1/sessions', edge.url), { headers }));
      return (await Promise.all(asked)).every(({ ok }) => !ok);
    });
    const isNotice = (name: string): boolean => /\}:(?:session|log)$/.test(name);
    await until('only the notices of the end are left', async () => (await keysOf(sessionIds)).every(isNotice));
  }, 60_000);

  it('cached translations of a tenant are erased on all masters, also by a connection that is still being opened', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `tr:{${translationKeyPrefix('cached')}${index}}`);
    const redis = connect();
    await Promise.all(names.map((name) => redis.set(name, '')));
    expect(await eraseCached(connect(), 'cached')).toBe(20);
  });

  it('I3, I5, I6, I24: sessions on three masters survive a moved slot, and the loss of a master', async () => {
    await using resources = new AsyncDisposableStack();
    // Until each master has a session; of a hundred sessions, the chance that one has none is negligible.
    const speakers = new Map<RedisProcess, LiveSpeaker>();
    for (let count = 0; count < 100 && speakers.size < 3; count++) {
      const speaker = resources.use(await startTalker(stack));
      const master = await topology.masterOf(slotOf(speaker));
      if (speakers.has(master)) await speaker.end();
      else speakers.set(master, speaker);
    }
    const [first, second, third] = [...speakers.values()];
    const [, , killed] = [...speakers.keys()];
    if (first === undefined || second === undefined || third === undefined || killed === undefined) {
      throw new Error('a master has no session');
    }
    const all = [first, second, third];
    const stop = new AbortController();
    const talks = all.map((speaker) => talk(speaker, stop.signal));
    await Promise.all(all.map((speaker) => nextFinal(speaker)));

    await topology.moveSlot(slotOf(first), await topology.masterOf(slotOf(second)));
    await Promise.all(all.map((speaker) => nextFinal(speaker, 60_000)));

    await killed.kill();
    await topology.promoted(slotOf(third), killed);
    await Promise.all([first, second].map((speaker) => nextFinal(speaker, 60_000)));
    // As a replica of the new master, which otherwise has none that could confirm finals.
    await killed.start();
    await nextFinal(third, 60_000);
    stop.abort();
    const sentences = await Promise.all(talks);
    for (const [index, speaker] of all.entries()) await expectComplete(speaker, sentences[index] ?? 0);
    expect(await topology.masterOf(slotOf(first))).toBe(await topology.masterOf(slotOf(second)));
  }, 240_000);
});
