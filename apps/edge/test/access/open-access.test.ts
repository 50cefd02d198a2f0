import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { openAccess, type OpenedAccess } from '../../src/access/access-policy.ts';
import { decideAccess } from '../../src/access/decide-access.ts';
import type { SharedKeySource } from '../../src/access/access-policy.ts';

/** Keeps the first candidate, like `SET NX`. */
function memoryStore(): SharedKeySource & { kept: string | undefined } {
  const store = {
    kept: undefined as string | undefined,
    getOrCreate(candidate: string) {
      const created = store.kept === undefined;
      const key = (store.kept ??= candidate);
      return Promise.resolve({ key, created });
    },
  };
  return store;
}

const unused: SharedKeySource = { getOrCreate: () => Promise.reject(new Error('no key is shared here')) };

function open(environment: Record<string, string>, store: SharedKeySource): Promise<OpenedAccess> {
  return openAccess(loadConfig(environment), store);
}

describe('openAccess', () => {
  it('uses the configured keys regardless of the bound address', async () => {
    const { policy, createdKey } = await open(
      { API_KEYS: 'clinic:clinic-key-0123456789', HOST: '0.0.0.0', KEYLESS: 'loopback' },
      unused,
    );
    expect(createdKey).toBeUndefined();
    const headers = { authorization: 'Bearer clinic-key-0123456789' };
    expect(decideAccess(policy, { headers, remoteAddress: '192.0.2.5' })).toEqual({ allowed: true, tenant: 'clinic' });
    expect(decideAccess(policy, { headers: { host: 'localhost' }, remoteAddress: '::1' })).toMatchObject({
      status: 401,
    });
  });

  it.each(['127.0.0.1', '::1', 'localhost', 'LOCALHOST', '127.0.0.9', '::ffff:127.0.0.1'])(
    'needs no key on a loopback binding: %s',
    async (HOST) => {
      await expect(open({ HOST }, unused)).resolves.toEqual({ policy: { kind: 'keyless', anyPeer: false } });
    },
  );

  it('needs no key if the port is published on loopback only', async () => {
    await expect(open({ HOST: '0.0.0.0', KEYLESS: 'loopback' }, unused)).resolves.toEqual({
      policy: { kind: 'keyless', anyPeer: true },
    });
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'edge.internal', 'localhost.evil.com'])(
    'shares a key that only its maker shows where others can connect: %s',
    async (HOST) => {
      const store = memoryStore();
      const first = await open({ HOST }, store);
      const second = await open({ HOST }, store);
      expect(first.createdKey).toMatch(/^[A-Za-z0-9_-]{32}$/);
      expect(first.createdKey).toBe(store.kept);
      expect(second.createdKey).toBeUndefined();
      for (const { policy } of [first, second]) {
        const headers = { 'sec-websocket-protocol': `parley.v1, bearer.${store.kept ?? ''}` };
        expect(decideAccess(policy, { headers, remoteAddress: '192.0.2.5' })).toEqual({
          allowed: true,
          tenant: 'default',
        });
        expect(decideAccess(policy, { headers: { host: 'localhost' }, remoteAddress: '127.0.0.1' })).toMatchObject({
          status: 401,
        });
      }
    },
  );

  it('creates a different key every time', async () => {
    const made = await Promise.all([memoryStore(), memoryStore()].map((store) => open({ HOST: '::' }, store)));
    expect(made[0]?.createdKey).not.toBe(made[1]?.createdKey);
  });
});
