import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeyStore } from '@parley/redis/api-key';
import { TenantErasure } from '@parley/redis/tenant-erasure';
import { TenantSettingsStore } from '@parley/redis/tenant-settings';
import type { Redis } from 'ioredis';
import { startStack, type TestStack } from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

/** A token costs 1, so each final costs more than 100. */
const prices = JSON.stringify({ 'gpt-4.1-mini': { inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 } });

let stack: TestStack;
let redis: Redis;
beforeAll(async () => {
  stack = await startStack({
    edges: 2,
    env: { KEYLESS: 'never', ENGINE_PRICES: prices, CACHE: 'on', SINGLEFLIGHT: 'on' },
  });
  redis = stack.redis.connect();
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const createKey = async (tenant: string): Promise<string> =>
  (await new ApiKeyStore(redis).create({ tenant, name: 'test', scope: 'admin' }, Date.now())).key;
const speak = (key: string, edge: number, room?: string): Promise<Speaker> => {
  const options = { sourceLanguage: 'en', targetLanguages: ['es'], ...(room === undefined ? {} : { room }) };
  return startSpeaker(stack.streamUrl(edge), options, {}, key);
};

/** Sends a final and returns its translation or error. */
async function say(speaker: Speaker, segmentId: number, text: string): Promise<string> {
  await speaker.session.sendFinal({ segmentId, text });
  const result = await speaker.waitForMessage(
    (message) =>
      (message.type === 'translation.final' || message.type === 'translation.failed') &&
      message.segmentId === segmentId,
  );
  if (result.type === 'translation.failed') return result.code;
  return result.type === 'translation.final' ? result.text : '';
}

describe('the budget of a tenant in Redis', () => {
  it('I49: holds on every worker as soon as it is set, for its tenant alone', async () => {
    const settings = new TenantSettingsStore(redis);
    await using speaker = await speak(await createKey('acme'), 0);
    await using other = await speak(await createKey('beta'), 1);
    let segmentId = 0;
    const untilAnswer = async (isExpected: (answer: string) => boolean): Promise<void> => {
      for (;;) {
        const answer = await say(speaker, segmentId, `sentence ${segmentId}`);
        segmentId += 1;
        if (isExpected(answer)) return;
      }
    };
    await untilAnswer((answer) => answer === '[es] sentence 0');
    await settings.write('acme', { dailyBudgetMicros: 1_000_000 });
    await untilAnswer((answer) => answer === 'over-budget');
    expect(await say(other, 0, 'hello')).toBe('[es] hello');
    await settings.write('acme', { dailyBudgetMicros: 0 });
    await untilAnswer((answer) => answer.startsWith('[es]'));
    await settings.write('acme', { sessionBudgetMicros: 1_000_000 });
    await untilAnswer((answer) => answer === 'over-budget');
    await settings.write('acme', {});
    await untilAnswer((answer) => answer.startsWith('[es]'));
    await Promise.all([speaker.end(), other.end()]);
  }, 60_000);
});

/** Every key with its value, as text. */
async function everything(): Promise<string[]> {
  const lines: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const value: unknown =
      type === 'hash'
        ? await redis.hgetall(key)
        : type === 'stream'
          ? await redis.xrange(key, '-', '+')
          : type === 'zset'
            ? await redis.zrange(key, '0', '-1')
            : type === 'set'
              ? await redis.smembers(key)
              : type === 'string'
                ? await redis.get(key)
                : undefined;
    lines.push(`${key} ${JSON.stringify(value)}`);
  }
  return lines;
}

describe('the deletion of a tenant', () => {
  it('I50: leaves nothing in Redis but, for a minute, that its sessions have ended and its usage was erased, and touches no other tenant', async () => {
    const [key, otherKey] = await Promise.all([createKey('doomed'), createKey('spared')]);
    await new TenantSettingsStore(redis).write('doomed', { maxSessions: 5 });
    await using ended = await speak(key, 0, 'doomed-room');
    expect(await say(ended, 1, 'a secret of before')).toBe('[es] a secret of before');
    await ended.end();
    await using live = await speak(key, 0, 'doomed-room');
    expect(await say(live, 1, 'a secret of now')).toBe('[es] a secret of now');
    await using spared = await speak(otherKey, 1);
    expect(await say(spared, 1, 'a secret of another')).toBe('[es] a secret of another');

    const erased = await new TenantErasure(redis).erase('doomed');
    expect(erased).toMatchObject({ keys: 1, sessions: 2 });
    const left = (await everything()).filter((line) => /doomed|secret of (before|now)/.test(line));
    const keysLeft = left.map((line) => line.split(' ', 1)[0] ?? '');
    for (const name of keysLeft) {
      expect(name).toMatch(/^(\{s:[^}]+\}:session|usage:doomed:[\d-]+)$/);
      expect(await redis.pttl(name)).toBeGreaterThan(0);
      expect(await redis.pttl(name)).toBeLessThanOrEqual(60_000);
    }
    expect(left.join('\n')).not.toMatch(/secret/);
    const cached = (await everything()).filter((line) => line.startsWith('tr:'));
    expect(cached).toContainEqual(expect.stringContaining('a secret of another'));
    await expect(speak(key, 1)).rejects.toThrow();
    expect(await say(spared, 2, 'still here')).toBe('[es] still here');
    await spared.end();
    expect(await new TenantErasure(redis, { settleMs: 0 }).erase('doomed')).toMatchObject({ keys: 0, sessions: 0 });
  }, 60_000);
});
