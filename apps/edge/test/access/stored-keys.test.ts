import { describe, expect, it } from '@jest/globals';
import type { ApiKeyRecord } from '@parley/redis/api-key';
import { StoredKeys } from '../../src/access/stored-keys.ts';
import { EdgeCore } from '../../src/core/edge-core.ts';
import { JoinAttempts } from '../../src/limits/join-attempts.ts';
import { edgeDependencies, standInSocket } from '../core/stand-ins.ts';

const recordOf = (id: string) => ({ id, tenant: 'clinic', scope: 'admin' }) as ApiKeyRecord;

/** Keys in a store whose answers can be held back. */
function keysWith(...ids: string[]) {
  const stored = new Set(ids);
  const state = { now: 0, reads: 0, touched: [] as string[], inUse: [] as string[] };
  const closed: string[][] = [];
  let held: Promise<unknown> = Promise.resolve();
  const keys = new StoredKeys({
    store: {
      find: async (id) => {
        state.reads += 1;
        const record = stored.has(id) ? recordOf(id) : undefined;
        await held;
        return record;
      },
      findAll: (asked) =>
        Promise.resolve(new Map(asked.filter((id) => stored.has(id)).map((id) => [id, recordOf(id)]))),
      ids: () => Promise.resolve([...stored]),
      touch: (id) => Promise.resolve(void state.touched.push(id)),
    },
    attempts: new JoinAttempts(2, () => state.now),
    inUse: () => state.inUse,
    onRevoked: (gone) => void closed.push([...gone]),
    now: () => state.now,
  });
  return {
    keys,
    state,
    stored,
    closed,
    hold: () => {
      const holding = Promise.withResolvers<undefined>();
      held = holding.promise;
      return () => {
        held = Promise.resolve();
        holding.resolve(undefined);
      };
    },
  };
}

describe('the API keys that an edge knows', () => {
  it('I48: are read again if one is revoked while it is looked up', async () => {
    const { keys, stored, hold } = keysWith('a');
    const release = hold();
    const finding = keys.find('a', '10.0.0.1');
    stored.delete('a');
    await keys.refresh();
    release();
    expect(await finding).toBeUndefined();
    expect(await keys.find('a', '10.0.0.1')).toBeUndefined();
  });

  it('I48: are known as revoked to a connection that was admitted just before', async () => {
    const { keys, stored, closed } = keysWith('a', 'b');
    await Promise.all([keys.find('a', '10.0.0.1'), keys.find('b', '10.0.0.1')]);
    stored.delete('a');
    await keys.refresh();
    expect([keys.isRevoked('a'), keys.isRevoked('b'), keys.isRevoked(undefined)]).toEqual([true, false, false]);
    expect(closed).toEqual([['a']]);
  });

  it('I48: are checked as long as they are in use, also if they are no longer cached', async () => {
    const { keys, state, closed } = keysWith('b');
    state.inUse = ['a', 'b', 'a'];
    await keys.refresh();
    expect(closed).toEqual([['a']]);
  });

  it('are read once a minute, and their use is recorded as often', async () => {
    const { keys, state } = keysWith('a');
    const use = async (): Promise<void> => {
      await keys.find('a', '10.0.0.1');
      keys.used('a');
    };
    await use();
    state.now = 59_999;
    await use();
    expect([state.reads, state.touched.length]).toEqual([1, 1]);
    state.now = 60_000;
    await use();
    expect([state.reads, state.touched.length]).toEqual([2, 2]);
  });

  it('I48: are not looked up beyond the limit of an address, unless they are known to be right', async () => {
    const { keys, state } = keysWith('a', 'b');
    await keys.find('a', '10.0.0.1');
    for (let id = 0; id < 500; id += 1) await keys.find(String(id), '10.0.0.1');
    // One, two until the limit, and what all addresses above it share.
    expect(state.reads).toBe(103);
    expect(await keys.find('500', '10.0.0.1')).toBe('too-many-tries');
    expect(await keys.find('a', '10.0.0.1')).toMatchObject({ id: 'a' });
    // Not used here yet, but known since the last change.
    await keys.refresh();
    expect(await keys.find('b', '10.0.0.1')).toMatchObject({ id: 'b' });
    expect(await keys.find('501', '10.0.0.1')).toBe('too-many-tries');
  });
});

it('I48: a connection whose key was revoked before it was opened is closed', () => {
  const reasons: string[] = [];
  const deps = edgeDependencies({
    isKeyRevoked: (keyId: string | undefined) => keyId === 'a',
    refusals: { record: (reason: string) => void reasons.push(reason) },
  });
  using core = new EdgeCore(deps);
  const codes: number[] = [];
  const socket = standInSocket({ onClose: (code) => void codes.push(code) });
  for (const keyId of ['a', 'b']) core.opened(socket, { tenant: 't', address: '10.0.0.1', keyId });
  expect([codes, reasons]).toEqual([[4412], ['key-revoked']]);
});
