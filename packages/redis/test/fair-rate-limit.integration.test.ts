import { describe, expect, it } from '@jest/globals';
import { capacityForFile, requestsOf } from './rate-limit-fixture.ts';

const { acquire, statuses } = await capacityForFile();

/** The bucket is a quarter full, so that nothing is granted before its time. */
const scarce = { buckets: requestsOf({ perMs: 1 / 100_000, capacity: 400 }), reserve: 0 };
const useMost = (tenant = 'earlier') => statuses(300, { ...scarce, isMade: true, tenant });

describe('tenants under a rate limit', () => {
  it('I13: share it evenly, regardless of their sessions', async () => {
    await useMost('a');
    const partial = { ...scarce, kind: 'partial' as const };
    for (let session = 0; session < 20; session++) await acquire({ ...partial, tenant: 'a', session: `a${session}` });
    await acquire({ ...partial, tenant: 'b', session: 'b0' });
    await acquire({ ...partial, tenant: 'a', session: 'a19' });
    const a = await acquire({ ...partial, tenant: 'a', session: 'a19' });
    const b = await acquire({ ...partial, tenant: 'b', session: 'b0' });
    expect([a.status, b.status]).toEqual(['paced', 'paced']);
    // Session `a19` has a twentieth of its tenant's share, but it was served when no other tenant was known yet.
    expect(a.retryAfterMs / b.retryAfterMs).toBeGreaterThan(4);
  });

  it('I13: get no more by new sessions for each call', async () => {
    await useMost();
    const partial = { ...scarce, kind: 'partial' as const };
    await acquire({ ...partial, tenant: 'b', session: 'b0' });
    let granted = 0;
    for (let session = 0; session < 20; session++) {
      const { status } = await acquire({ ...partial, tenant: 'a', session: `a${session}` });
      if (status === 'granted') granted++;
    }
    expect(granted).toBeLessThan(3);
  });

  it('I13: have priority for finals only within their share, by the tokens of their calls', async () => {
    const buckets = { requests: undefined, tokens: { perMs: 10, capacity: 500_000 } };
    const long = { buckets, tenant: 'a', tokens: 15_000 };
    const short = { buckets, tenant: 'b', session: 'b1', tokens: 100 };
    await acquire({ buckets, tenant: 'c', tokens: 400_000, isMade: true });
    expect((await acquire(short)).status).toBe('granted');
    expect((await acquire({ ...long, session: 'a1' })).status).toBe('granted');
    for (const session of ['a1', 'a1', 'a1']) {
      const refused = await acquire({ ...long, session });
      expect(refused.status).toBe('paced');
      expect(refused.retryAfterMs).toBeGreaterThan(1000);
    }
    expect(await statuses(4, short)).toEqual(Array(4).fill('granted'));
  });

  it('I13: keep the priority of all finals while there is one tenant', async () => {
    const buckets = { requests: undefined, tokens: { perMs: 10, capacity: 500_000 } };
    const long = { buckets, tenant: 'a', session: 'a1', tokens: 15_000 };
    expect(await statuses(20, long)).toEqual(Array(20).fill('granted'));
  });

  it('I13: are served beside a call larger than the token bucket, which is repaid meanwhile', async () => {
    const buckets = { requests: undefined, tokens: { perMs: 1, capacity: 100 } };
    expect((await acquire({ buckets, tenant: 'a', session: 'a1', tokens: 5000 })).status).toBe('granted');
    expect(await statuses(4, { buckets, tenant: 'b', session: 'b1', tokens: 25 })).toEqual(Array(4).fill('granted'));
    expect((await acquire({ buckets, tenant: 'b', session: 'b1', tokens: 5000 })).status).not.toBe('granted');
  });

  it('I13: repay a large call with all that the others leave', async () => {
    const buckets = { requests: undefined, tokens: { perMs: 10, capacity: 100 } };
    await acquire({ buckets, tenant: 'a', session: 'a1', tokens: 500 });
    const { retryAfterMs } = await acquire({ buckets, tenant: 'a', session: 'a1', tokens: 500 });
    expect(retryAfterMs).toBeLessThanOrEqual(50);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs + 1));
    expect((await acquire({ buckets, tenant: 'a', session: 'a1', tokens: 500 })).status).toBe('granted');
  });
});
