import { describe, expect, it } from '@jest/globals';
import { ApiKeyStore, parseApiKey, type ApiKeyScope } from '@parley/redis/api-key';
import { storedSigner } from '../../src/access/stored-signer.ts';
import { signToken } from '../../src/access/token.ts';
import { call, edgesForFile } from '../http-api/edges-for-file.ts';
import { StreamClient } from '../http-api/stream-client.ts';

const configuredKey = 'a-key-of-this-test-alone';
const { urls, redis } = await edgesForFile({ API_KEYS: `clinic:${configuredKey}` });
const store = new ApiKeyStore(redis);

const create = (scope: ApiKeyScope = 'admin', tenant = 'clinic') =>
  store.create({ tenant, name: `to ${scope}`, scope }, Date.now());
const open = (edge: 0 | 1, key: string) => StreamClient.open(urls[edge], `bearer.${key}`);
const statusOf = async (edge: 0 | 1, key: string) => (await call(`${urls[edge]}/v1/languages`, { key })).status;
const makeToken = async (key: string, scope: 'speak' | 'listen') => {
  const body = { scope, expiresInSeconds: 60 };
  const reply = await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body });
  expect(reply.status).toBe(201);
  return (reply.body as { token: string }).token;
};

const revokedCode = 4412;

describe('an API key in Redis', () => {
  it('opens sessions of its tenant on every edge at once, beside the keys of API_KEYS', async () => {
    const { key } = await create();
    for (const edge of [0, 1] as const) {
      for (const credential of [key, configuredKey]) {
        await using host = await open(edge, credential);
        const { sessionId } = await host.start();
        expect(await redis.hget(`{s:${sessionId}}:session`, 'tenant')).toBe('clinic');
      }
    }
  });

  it('is stored as a hash, and so that its tokens can be checked, but not made', async () => {
    const { key, record } = await create();
    const stored = JSON.stringify(await redis.hgetall('{access}:keys'));
    expect(stored).toContain(record.id);
    // A secret may itself contain the sign that separates it.
    expect(stored).not.toContain(key.slice(key.indexOf(record.id) + record.id.length + 1));
  });

  it('knows when it was last used', async () => {
    const { key, record } = await create();
    const lastUse = async () => (await store.list()).keys.find(({ id }) => id === record.id)?.lastUsedAtMs;
    expect(await lastUse()).toBeUndefined();
    const before = Date.now();
    expect(await statusOf(1, key)).toBe(200);
    while ((await lastUse()) === undefined);
    expect(await lastUse()).toBeGreaterThanOrEqual(before);
  });

  it('I48: is closed with its tokens on every edge when it is revoked, and opens nothing more', async () => {
    const [{ key, record }, other] = await Promise.all([create(), create()]);
    const [speak, listen] = await Promise.all([makeToken(key, 'speak'), makeToken(key, 'listen')]);
    const credentials = [key, speak, listen];
    const sockets = await Promise.all(credentials.flatMap((credential) => [open(0, credential), open(1, credential)]));
    await using unaffected = await open(0, other.key);
    await using configured = await open(1, configuredKey);
    const { sessionId, resumeToken } = (await sockets[0]?.start()) ?? { sessionId: '', resumeToken: '' };
    expect(await store.revoke(record.id)).toMatchObject({ tenant: 'clinic', name: 'to admin' });
    for (const socket of sockets) {
      expect(await socket.closed).toBe(revokedCode);
      expect(socket.closeReason).toBe('the API key was revoked');
    }
    for (const credential of credentials) {
      for (const edge of [0, 1] as const) {
        await expect(open(edge, credential)).rejects.toThrow('401');
        expect(await statusOf(edge, credential)).toBe(401);
      }
    }
    expect(await configured.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    // The session is that of the tenant: another key goes on with it.
    const resume = { type: 'session.resume', sessionId, resumeToken, offset: 0 };
    expect(await unaffected.ask(resume)).toMatchObject({ type: 'session.resumed' });
    expect(await store.revoke(record.id)).toBeUndefined();
  });

  it('I48: is closed even if the notice of its revocation is lost', async () => {
    const { key, record } = await create();
    await using socket = await open(1, key);
    await redis.multi().hdel('{access}:keys', record.id).hincrby('{access}:versions', 'keys', 1).exec();
    expect(await socket.closed).toBe(revokedCode);
    expect(await statusOf(1, key)).toBe(401);
  });

  it('is looked up less often than it is used, even with a wrong secret', async () => {
    const { key, record } = await create();
    const monitor = await redis.monitor();
    let reads = 0;
    monitor.on('monitor', (_time: string, [command = '', , id]: string[]) => {
      if (command.toLowerCase() === 'hget' && id === record.id) reads += 1;
    });
    for (let count = 0; count < 20; count += 1) expect(await statusOf(0, key)).toBe(200);
    for (let count = 0; count < 20; count += 1) expect(await statusOf(0, key.replace(/.{4}$/, 'aaaa'))).toBe(401);
    monitor.disconnect();
    expect(reads).toBeGreaterThanOrEqual(1);
    // Once in a minute, on however slow a machine.
    expect(reads).toBeLessThan(10);
  });
});

describe('the scope of an API key', () => {
  const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };

  it('I48: listen permits no more than joining a session of its tenant', async () => {
    await using host = await open(0, configuredKey);
    const { sessionId, joinCode } = await host.start();
    const { key } = await create('listen');
    await using listener = await open(1, key);
    expect(await listener.ask(start)).toMatchObject({ type: 'error', code: 'listen-only' });
    const join = { type: 'session.join', joinCode, targetLanguages: ['es'] };
    expect(await listener.ask(join)).toMatchObject({ type: 'session.joined', sessionId });
    await using stranger = await open(1, (await create('listen', 'church')).key);
    expect(await stranger.ask(join)).toMatchObject({ type: 'error', code: 'join-code-unknown' });
    const session = `${urls[1]}/v1/sessions/${sessionId}`;
    for (const method of ['GET', 'DELETE']) expect(await call(session, { method, key })).toMatchObject({ status: 403 });
  });

  it('I48: speak permits starting sessions, but not making tokens, nor listing or deleting sessions', async () => {
    const { key } = await create('speak');
    await using host = await open(0, key);
    // A token without a room could not.
    const { sessionId } = await host.start({ room: 'hall-1' });
    const body = { scope: 'speak', expiresInSeconds: 60 };
    expect(await call(`${urls[0]}/v1/tokens`, { method: 'POST', key, body })).toMatchObject({ status: 403 });
    expect(await call(`${urls[0]}/v1/sessions`, { key })).toMatchObject({ status: 403 });
    expect(await call(`${urls[0]}/v1/sessions/${sessionId}`, { method: 'DELETE', key })).toMatchObject({ status: 403 });
  });
});

describe('a token of an API key in Redis', () => {
  it('I48: is refused if anything in it was changed, or if another key of the form has signed it', async () => {
    const [{ key, record }, other] = await Promise.all([create(), create('admin', 'church')]);
    const token = await makeToken(key, 'listen');
    const [header = '', claims = '', signature = ''] = token.split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    expect(decode(header)).toMatchObject({ alg: 'EdDSA', kid: record.id });
    const forged = [
      [header, encode({ ...decode(claims), scope: 'speak' }), signature],
      [header, encode({ ...decode(claims), tenant: 'church' }), signature],
      [encode({ ...decode(header), kid: other.record.id }), claims, signature],
      [encode({ alg: 'HS256', typ: 'JWT', kid: record.id }), claims, signature],
      [encode({ alg: 'none', kid: record.id }), claims, signature],
    ].map((parts) => parts.join('.'));
    const [otherHeader = '', otherClaims = ''] = (await makeToken(other.key, 'listen')).split('.');
    forged.push([otherHeader, encode({ ...decode(otherClaims), tenant: 'clinic' }), signature].join('.'));
    expect(await statusOf(1, token)).toBe(200);
    for (const attempt of forged) expect(await statusOf(1, attempt)).toBe(401);
  });
});

describe('a token whose header names no key properly', () => {
  it.each([[['a', 'b']], [[]], [{}], [7], [''], [null]])('I48: is refused: %j', async (kid) => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${encode({ alg: 'EdDSA', kid })}.${encode({ tenant: 'clinic', scope: 'speak', exp: 9_999_999_999 })}.aa`;
    expect(await statusOf(0, token)).toBe(401);
    await expect(open(0, token)).rejects.toThrow('401');
  });
});

describe('a token that the holder of a key of a narrower scope has signed without an edge', () => {
  it.each(['listen', 'speak'] as const)('I48: is refused with a key to %s, which permits less', async (scope) => {
    const sign = async ({ key, record }: Awaited<ReturnType<typeof create>>) => {
      const id = parseApiKey(key)?.id ?? '';
      const signer = storedSigner(record.tenant, { id, key });
      return await signToken(signer, { scope: 'speak', sessionId: 'of-others' }, Date.now() + 60_000);
    };
    const [admin, narrow] = await Promise.all([create(), create(scope)]);
    expect(await statusOf(0, await sign(admin))).toBe(200);
    expect(await statusOf(0, narrow.key)).toBe(200);
    const forged = await sign(narrow);
    expect(await statusOf(0, forged)).toBe(401);
    await expect(open(0, forged)).rejects.toThrow('401');
  });
});

describe('unknown API keys', () => {
  it('I48: are counted before they are looked up, and do not keep out a known one', async () => {
    const { key } = await create();
    const unknown = (number: number) => key.replace(/^parley_.{12}/, `parley_${String(number).padStart(12, '0')}`);
    const statuses = await Promise.all(Array.from({ length: 200 }, (_, number) => statusOf(0, unknown(number))));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(await statusOf(0, key)).toBe(200);
  });
});
