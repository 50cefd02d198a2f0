import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { LookUpPolicy } from '../src/translate/look-up-policy.ts';

const sample = 'Aa';
const other = 'Za';

/** A policy that has seen so many samples of a tenant: `h` for a hit, `m` for a miss. */
function after(samples: string): LookUpPolicy {
  const policy = new LookUpPolicy();
  for (const letter of samples) policy.lookedUp('one', sample, letter === 'h');
  return policy;
}

describe('partials of a tenant', () => {
  it.each([
    // 0.25 * (15/16)^14 = 0.1013, and once more 0.0949.
    ['nothing is known of it', '', 0.25, true],
    ['nothing was found fourteen times', 'm'.repeat(14), 0.1013, true],
    ['nothing was found fifteen times', 'm'.repeat(15), 0.095, false],
    // 0.0949 + (1 - 0.0949)/16 = 0.1515, then six misses: 0.1515 * (15/16)^6 = 0.1029, and seven: 0.0964.
    ['something was found since', `${'m'.repeat(15)}h`, 0.1515, true],
    ['six misses followed it', `${'m'.repeat(15)}hmmmmmm`, 0.1029, true],
    ['seven misses followed it', `${'m'.repeat(15)}hmmmmmmm`, 0.0964, false],
    ['everything was found', 'h'.repeat(50), 0.9702, true],
  ])('are looked up, or not, where %s', (_, samples, share, isLookedUp) => {
    const policy = after(samples);
    expect(policy.hitShareOf('one')).toBeCloseTo(share, 3);
    expect(policy.shouldLookUp('one', other)).toBe(isLookedUp);
    expect(policy.shouldLookUp('one', sample)).toBe(true);
  });

  it('that are no samples tell nothing, nor do those of another tenant', () => {
    const policy = after('m'.repeat(15));
    for (let count = 0; count < 100; count++) {
      policy.lookedUp('one', other, true);
      policy.lookedUp('two', sample, true);
    }
    expect(policy.shouldLookUp('one', other)).toBe(false);
    expect(policy.shouldLookUp('two', other)).toBe(true);
  });

  it('are forgotten where there are too many tenants, the one that was sampled longest ago first', () => {
    const policy = new LookUpPolicy();
    const miss = (tenant: string): void => {
      for (let count = 0; count < 15; count++) policy.lookedUp(tenant, sample, false);
    };
    for (let tenant = 0; tenant < 1001; tenant++) {
      miss(String(tenant));
      if (tenant < 1000) policy.lookedUp('busy', sample, false);
    }
    expect(policy.shouldLookUp('busy', other)).toBe(false);
    expect(policy.shouldLookUp('1000', other)).toBe(false);
    expect(policy.shouldLookUp('0', other)).toBe(true);
  });
});

describe('the texts of several threads at random', () => {
  const random = seededRandom(testSeed('the texts of several threads at random'));
  const initials = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const newKey = (): string =>
    `prefix-of-tenant.${initials[Math.floor(random() * 64)] ?? ''}${Math.floor(random() * Number.MAX_SAFE_INTEGER)}`;

  /** Partials of two threads, of which a share repeats one that another thread had just before. */
  function play(policies: readonly LookUpPolicy[], partials: number, repeating: number) {
    const shared = new Set<string>();
    let [lookedUp, found, repeats] = [0, 0, 0];
    let before: { readonly key: string; readonly thread: number } | undefined;
    for (let count = 0; count < partials; count++) {
      const repeat = random() < repeating ? before : undefined;
      const key = repeat?.key ?? newKey();
      const thread = repeat === undefined ? Math.floor(random() * 2) : 1 - repeat.thread;
      if (repeat !== undefined) repeats++;
      before = { key, thread };
      const policy = policies[thread];
      if (policy?.shouldLookUp('one', key) !== true) continue;
      lookedUp++;
      if (shared.has(key)) found++;
      policy.lookedUp('one', key, shared.has(key));
      // Whoever looks something up leaves it there.
      shared.add(key);
    }
    return { lookedUp: lookedUp / partials, found: found / Math.max(repeats, 1) };
  }

  it('are hardly looked up where they have nothing in common, and again soon after they do', () => {
    const policies = [new LookUpPolicy(), new LookUpPolicy()];
    play(policies, 1000, 0.03);
    const apart = play(policies, 30_000, 0.03);
    expect(apart.lookedUp).toBeGreaterThan(0.04);
    expect(apart.lookedUp).toBeLessThan(0.25);
    play(policies, 600, 0.5);
    const together = play(policies, 10_000, 0.5);
    expect(together.lookedUp).toBeGreaterThan(0.95);
    expect(together.found).toBeGreaterThan(0.95);
    play(policies, 3000, 0);
    expect(play(policies, 10_000, 0).lookedUp).toBeLessThan(0.08);
  });
});
