import type { ServerMessage } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { startRedis, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';
import { until } from './harness/until.ts';

const key = 'the-key-of-tenant-one';

let stack: TestStack;
let cache: Awaited<ReturnType<typeof startRedis>>;
let opened: AsyncDisposableStack;
let redis: Redis;
let cacheRedis: Redis;
beforeAll(async () => {
  opened = new AsyncDisposableStack();
  cache = opened.use(await startRedis());
  const env = {
    API_KEYS: `one:${key}`,
    WORKERS: 'process',
    CACHE: 'on',
    SINGLEFLIGHT: 'on',
    CACHE_REDIS_URL: cache.url,
  };
  stack = opened.use(await startStack({ env }));
  // Dumps show the texts as they are.
  [redis, cacheRedis] = [stack.redis.connect(), cache.connect()];
  for (const server of [redis, cacheRedis]) await server.config('SET', 'rdbcompression', 'no');
});
afterAll(async () => {
  await opened.disposeAsync();
});

/** Says a final, and returns the session when it has been translated. */
async function say(text: string, targetLanguages: string[]) {
  const speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages }, {}, key);
  await speaker.session.sendFinal({ segmentId: 1, text });
  for (const target of targetLanguages) {
    await speaker.waitForMessage(
      (message: ServerMessage) => message.type === 'translation.final' && message.targetLanguage === target,
    );
  }
  return speaker;
}

async function deleteSession(sessionId: string): Promise<void> {
  const url = new URL(`/v1/sessions/${sessionId}`, stack.streamUrl().replace(/^ws/, 'http'));
  const reply = await fetch(url, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
  expect(reply.status).toBe(204);
}

/** Everything that a server has, keys and values in Redis's own format. */
async function everythingIn(server: Redis): Promise<string> {
  const keys = await server.keys('*');
  // `null` if the key is gone by now.
  const dump = (name: string): Promise<Buffer | null> => server.dumpBuffer(name);
  const values = await Promise.all(keys.map(async (name) => (await dump(name))?.toString('latin1')));
  return [...keys, ...values].join('\n');
}

/** What happens a minute after the end of a session. */
const forget = (sessionId: string) => redis.del(`{s:${sessionId}}:session`, `{s:${sessionId}}:log`);

const untilStored = (text: string) =>
  until(`the cache has ${text}`, async () => (await everythingIn(cacheRedis)).includes(text));
const untilErased = (text: string) =>
  until(`the cache lacks ${text}`, async () => !(await everythingIn(cacheRedis)).includes(text));

it('I41: neither Redis has what was said, or its translations, after the session was deleted', async () => {
  await using speaker = await say('zanzibar', ['es', 'ca']);
  await using other = await say('quokka', ['es']);
  // Nothing waits for the cache.
  for (const text of ['[es] zanzibar', '[ca] zanzibar', '[es] quokka']) await untilStored(text);
  expect(await everythingIn(redis)).toContain('zanzibar');
  await deleteSession(speaker.session.started.sessionId);
  await untilErased('zanzibar');
  expect(await everythingIn(redis)).not.toContain('zanzibar');
  // What another session has said stays.
  expect(await everythingIn(cacheRedis)).toContain('[es] quokka');
  await other.end();
});

it('I41: is deleted while only its transcript is left, with its translations', async () => {
  await using speaker = await say('wombat', ['es']);
  await untilStored('[es] wombat');
  await speaker.end();
  const { sessionId } = speaker.session.started;
  await until('the session has ended', async () => (await redis.hget(`{s:${sessionId}}:session`, 'state')) === 'ended');
  await forget(sessionId);
  expect(await everythingIn(redis)).toContain('wombat');
  await deleteSession(sessionId);
  expect(await everythingIn(redis)).not.toContain('wombat');
  await untilErased('wombat');
  await until('nothing is left to erase', async () => (await redis.zscore('cache-erasures', sessionId)) === null);
});

it.each([
  ['while its end is remembered', false],
  ['when it is forgotten', true],
])('I41: is deleted while the cache is away, and its translations when it is back, %s', async (_when, isForgotten) => {
  const word = isForgotten ? 'wallaby' : 'kangaroo';
  await using speaker = await say(word, ['es']);
  const { sessionId } = speaker.session.started;
  await untilStored(`[es] ${word}`);
  process.kill(cache.pid, 'SIGSTOP');
  try {
    await deleteSession(sessionId);
    expect(await everythingIn(redis)).not.toContain(word);
    // A worker has tried when the session is claimed for the second time.
    const claimedUntil = async () => Number(await redis.zscore('deadlines:0', sessionId)) / 1000;
    await until('a worker has claimed it', async () => (await claimedUntil()) > Date.now());
    const first = await claimedUntil();
    await until('a worker has claimed it again', async () => (await claimedUntil()) > first);
    if (isForgotten) await forget(sessionId);
  } finally {
    process.kill(cache.pid, 'SIGCONT');
  }
  await untilErased(word);
});
