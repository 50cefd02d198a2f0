import { connect } from '@parley/client';
import { describe, expect, it } from '@jest/globals';
import { startStack } from './harness/index.ts';

describe('a session whose client does not return', () => {
  it('I17: ends after its grace period on any remaining worker, and all its keys expire', async () => {
    await using stack = await startStack({
      edges: 1,
      workers: 2,
      env: { WORKERS: 'process', SESSION_GRACE_MS: '500' },
    });
    const client = await connect({ url: stack.streamUrl(0) });
    const { started } = await client.startSession({ sourceLanguage: 'en', targetLanguages: ['es'] });
    const redis = stack.redis.connect();
    const subscriber = stack.redis.connect();
    await subscriber.ssubscribe(`{s:${started.sessionId}}`);
    const ended = new Promise<void>((resolve) => {
      subscriber.on('smessage', (_channel: string, message: string) => {
        if (message.includes('"ended"')) resolve();
      });
    });
    stack.edges[0]?.child.kill();
    stack.workers[0]?.child.kill();
    // The edge was killed, so the lease of its connection has to expire first.
    await redis.hset(`{s:${started.sessionId}}:session`, 'leaseUntil', Date.now());
    await redis.zadd('deadlines:0', Date.now() * 1000, started.sessionId);
    await ended;
    for (const key of await redis.keys(`{s:${started.sessionId}}*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
    const [joinCode = ''] = await redis.keys('join:*');
    while ((await redis.pttl(joinCode)) > 60_000) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await redis.pttl(joinCode)).not.toBe(-1);
  });
});
