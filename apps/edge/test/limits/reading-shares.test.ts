import { describe, expect, it } from '@jest/globals';
import { decideReadingLimits, type TenantReading } from '../../src/limits/decide-reading-limits.ts';
import { ReadingShares } from '../../src/limits/reading-shares.ts';

const unlimited = Infinity;
const tenants = (sent: Record<string, TenantReading>) => new Map(Object.entries(sent));

describe('the limits of reading', () => {
  const both = tenants({ loud: { sent: 5000, limit: unlimited }, quiet: { sent: 50, limit: unlimited } });

  it('are none while the event loop has time', () => {
    expect([...decideReadingLimits(0.85, both)]).toEqual([]);
  });

  it('slow down the tenant that sends most while it has none', () => {
    expect([...decideReadingLimits(0.9, both)]).toEqual([['loud', 4000]]);
    const limited = tenants({ loud: { sent: 5000, limit: 4000 }, quiet: { sent: 50, limit: unlimited } });
    expect([...decideReadingLimits(0.9, limited)]).toEqual([['loud', 3200]]);
  });

  it('never fall below an even share, or below what one connection may send', () => {
    const even = tenants({ one: { sent: 1100, limit: 1050 }, other: { sent: 1000, limit: unlimited } });
    expect([...decideReadingLimits(1, even)]).toEqual([['one', 1050]]);
    const little = tenants({ one: { sent: 90, limit: 101 }, other: { sent: 10, limit: unlimited } });
    expect([...decideReadingLimits(1, little)]).toEqual([['one', 100]]);
  });

  it('are none for a tenant that is alone', () => {
    expect([...decideReadingLimits(1, tenants({ loud: { sent: 5000, limit: unlimited } }))]).toEqual([]);
  });

  it('grow again, and end when they do not matter any more', () => {
    const busy = tenants({ loud: { sent: 1000, limit: 1000 }, quiet: { sent: 50, limit: unlimited } });
    expect(decideReadingLimits(0.5, busy).get('loud')).toBeCloseTo(1100);
    const calm = tenants({ loud: { sent: 500, limit: 1000 }, quiet: { sent: 50, limit: unlimited } });
    expect([...decideReadingLimits(0.5, calm)]).toEqual([]);
  });
});

describe('the shares of reading', () => {
  /** Sends frames a second for so long, and returns for how long the last one of each tenant pauses its socket. */
  function send(
    shares: ReadingShares,
    rates: Record<string, number>,
    options: { from: number; ms: number; load: number },
  ) {
    const pauses: Record<string, number> = {};
    for (let ms = options.from + 100; ms <= options.from + options.ms; ms += 100) {
      for (const [tenant, perSecond] of Object.entries(rates)) pauses[tenant] = shares.count(tenant, perSecond / 10);
      shares.adapt(options.load, ms);
    }
    return pauses;
  }

  it('pause the sockets of the tenant that sends most, and of no other', () => {
    const shares = new ReadingShares(0);
    expect(send(shares, { loud: 5000, quiet: 50 }, { from: 0, ms: 2000, load: 0.7 })).toEqual({ loud: 0, quiet: 0 });
    const pauses = send(shares, { loud: 5000, quiet: 50 }, { from: 2000, ms: 3000, load: 1 });
    expect(pauses.quiet).toBe(0);
    expect(pauses.loud).toBeGreaterThan(500);
    expect(pauses.loud).toBeLessThanOrEqual(1000);
  });

  it('let it go on when there is time again, and forget who has left', () => {
    const shares = new ReadingShares(0);
    send(shares, { loud: 5000, quiet: 50 }, { from: 0, ms: 3000, load: 1 });
    send(shares, { loud: 100, quiet: 50 }, { from: 3000, ms: 10_000, load: 0.3 });
    expect(send(shares, { loud: 5000 }, { from: 13_000, ms: 10_000, load: 0.3 })).toEqual({ loud: 0 });
    // The other one is gone, so nobody waits.
    expect(send(shares, { loud: 5000 }, { from: 23_000, ms: 5000, load: 1 })).toEqual({ loud: 0 });
  });
});
