import { describe, expect, it } from '@jest/globals';
import { TenantSettingsStore, type TenantSettings } from '@parley/redis/tenant-settings';
import { edgesForFile } from '../http-api/edges-for-file.ts';
import { StreamClient } from '../http-api/stream-client.ts';

const key = 'a-key-of-this-test-alone';
const { urls, redis } = await edgesForFile({ API_KEYS: `clinic:${key}`, MAX_SESSIONS_PER_TENANT: '0' });
const store = new TenantSettingsStore(redis);
const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };

const open = (edge: 0 | 1) => StreamClient.open(urls[edge], `bearer.${key}`);

/** Opens sockets until a session start on one is answered in this way, since a change takes a moment. */
async function untilStart(edge: 0 | 1, expected: 'session.started' | 'too-many-sessions'): Promise<void> {
  for (;;) {
    await using client = await open(edge);
    const answer = await client.ask(start);
    const outcome = answer.type === 'error' ? answer.code : answer.type;
    client.send({ type: 'session.end' });
    if (answer.type !== 'error') expect(await client.closed).toBe(1000);
    if (outcome === expected) return;
  }
}

/** Writes settings without telling anybody but by their version. */
async function writeQuietly(settings: TenantSettings): Promise<void> {
  const json = JSON.stringify({ v: 1, ...settings });
  await redis.multi().hset('{access}:tenants', 'clinic', json).hincrby('{access}:versions', 'tenants', 1).exec();
}

describe('the limits of a tenant in Redis', () => {
  it('I49: replace the configured ones on every edge, also for sessions that were started before', async () => {
    await using first = await open(0);
    await first.start();
    await store.write('clinic', { maxSessions: 1 });
    await untilStart(0, 'too-many-sessions');
    await untilStart(1, 'too-many-sessions');
    await store.write('clinic', { maxSessions: 3 });
    await untilStart(1, 'session.started');
    await writeQuietly({ maxSessions: 1 });
    await untilStart(1, 'too-many-sessions');
    // A setting of 0 is no limit, and no setting leaves it to the configuration, which has none here.
    for (const settings of [{ maxSessions: 0 }, {}]) {
      await store.write('clinic', settings);
      await untilStart(0, 'session.started');
    }
    expect(await redis.exists('{access}:tenants')).toBe(0);
  });

  it('I49: limit the sockets of one tenant alone', async () => {
    await store.write('clinic', { maxSockets: 1 });
    await store.write('church', { maxSockets: 500 });
    await using first = await open(0);
    expect(await first.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    for (;;) {
      await using second = await open(1);
      const answer = await second.ask({ type: 'ping' });
      if (answer.type === 'pong') continue;
      expect(answer).toMatchObject({ type: 'error', code: 'too-many-sockets' });
      expect(await second.closed).toBe(4403);
      break;
    }
    await store.write('clinic', {});
    await store.write('church', {});
  });
});
