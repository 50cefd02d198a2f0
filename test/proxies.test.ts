import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { joinSubprotocolPrefix, subprotocol } from '@parley/protocol';
import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { startProcess, startRedis } from './harness/index.ts';

const forwarding: Record<string, string>[] = [
  { 'X-Forwarded-For': '192.0.2.1' },
  { 'X-Forwarded-For': '127.0.0.1' },
  { Forwarded: 'for=127.0.0.1' },
  { 'X-Real-IP': '127.0.0.1' },
  { Via: '1.1 proxy' },
];

/** Returns the HTTP status of an upgrade; 101 if the socket opens. */
async function upgrade(url: string, protocols: string[], headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(new URL('/v1/stream', url.replace(/^http/, 'ws')), protocols, { headers });
  const opened = once(socket, 'open').then(() => 101);
  const refused = once(socket, 'unexpected-response').then(
    ([, response]) => (response as IncomingMessage).statusCode ?? 0,
  );
  socket.on('error', () => undefined);
  try {
    return await Promise.race([opened, refused]);
  } finally {
    socket.terminate();
    await Promise.allSettled([opened, refused].map((event) => Promise.race([event, Promise.resolve()])));
  }
}

async function statusOf(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const [response] = (await once(get(new URL(path, url.replace('0.0.0.0', '127.0.0.1')), { headers }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  return response.statusCode ?? 0;
}

describe('I15: without API keys', () => {
  it.each<[what: string, env: Record<string, string>]>([
    ['on loopback', {}],
    ['published on loopback', { HOST: '0.0.0.0', KEYLESS: 'loopback' }],
    ['with a trusted proxy', { TRUSTED_PROXIES: 'loopback' }],
  ])('a proxied request is rejected: %s', async (_, env) => {
    await using redis = await startRedis();
    await using edge = await startProcess({ name: 'edge', env: { REDIS_URL: redis.url, ...env } });
    await using dashboard = await startProcess({ name: 'dashboard', env: { REDIS_URL: redis.url, ...env } });
    for (const headers of forwarding) {
      expect(await upgrade(edge.url, [subprotocol], headers)).toBe(403);
      for (const path of ['/', '/missing']) expect(await statusOf(edge.url, path, headers)).toBe(403);
      expect(await statusOf(edge.url, '/healthz', headers)).toBe(200);
      for (const path of ['/', '/api/queues']) expect(await statusOf(dashboard.url, path, headers)).toBe(403);
    }
    expect(await upgrade(edge.url, [subprotocol], {})).toBe(101);
    expect(await statusOf(edge.url, '/', {})).toBe(200);
    expect(await statusOf(dashboard.url, '/', {})).toBe(200);
  });
});

it('wrong join codes count for the client named by a trusted proxy, and otherwise for the peer', async () => {
  await using redis = await startRedis();
  const env = { REDIS_URL: redis.url, API_KEYS: 'tenant:a-key-of-this-test-alone' };
  await using trusting = await startProcess({ name: 'edge', env: { ...env, TRUSTED_PROXIES: 'loopback' } });
  await using other = await startProcess({ name: 'edge', env });
  const wrong = [subprotocol, `${joinSubprotocolPrefix}WRONGCODE0`];
  const from = (edge: { url: string }, address: string): Promise<number> =>
    upgrade(edge.url, wrong, { 'X-Forwarded-For': `${Math.random() < 0.5 ? '10.1.1.1' : '6.6.6.6'}, ${address}` });
  for (let time = 0; time < 20; time++) {
    expect(await from(trusting, '192.0.2.1')).toBe(401);
    expect(await from(other, `192.0.2.${time}`)).toBe(401);
  }
  expect(await from(trusting, '192.0.2.1')).toBe(429);
  expect(await from(trusting, '::ffff:192.0.2.1')).toBe(429);
  expect(await from(trusting, '192.0.2.2')).toBe(401);
  expect(await from(other, '192.0.2.77')).toBe(429);
  for (let time = 0; time < 20; time++) expect(await from(trusting, `[2001:db8::${time}]:99`)).toBe(401);
  expect(await from(trusting, '2001:db8::abcd')).toBe(429);
  expect(await from(trusting, '2001:db8:0:1::1')).toBe(401);
});
