import { isIPv6 } from 'node:net';
import { canonicalAddress } from '@parley/config';
import { TokenBucket, type TokenRate } from './token-bucket.ts';

const windowMs = 60_000;
/** Maximum number of addresses; above it, the entry that failed first is removed. */
const maxAddresses = 10_000;

interface Failures {
  count: number;
  readonly untilMs: number;
}

/** How many codes are remembered as right, and for how long. */
const maxRightCodes = 10_000;
const rightForMs = 600_000;
/** Codes that are looked up on this edge for all addresses above their limit together. */
const beyondLimit: TokenRate = { perSecond: 50, burst: 100 };

/** An attempt that may be looked up. */
export interface JoinAttempt {
  /** Whether its address has had too many wrong codes; then a wrong one is told no more than that. */
  readonly isBeyondLimit: boolean;
  /** Must be called with the result; of a failed look-up, nothing is known. */
  settle(isRight: boolean | undefined): void;
}

/**
 * Counts wrong join codes by address. An attempt counts before its code is looked up, so that many at once can't evade the
 * limit, and no longer counts if the code is right.
 *
 * Above the limit per minute, a right code still passes, because its owner may share the address with somebody who guesses: codes
 * that were right on this edge lately are always looked up, and others at a rate that all such addresses share. A code
 * has 50 random bits, so at this rate a guess succeeds once in centuries.
 */
export class JoinAttempts {
  readonly #maxFailures: number;
  readonly #now: () => number;
  /** In the order in which their windows end. */
  readonly #failures = new Map<string, Failures>();
  /** Until when a code counts as right, by its hash; the oldest first. */
  readonly #rightUntilMs = new Map<string, number>();
  readonly #beyond: TokenBucket;

  constructor(maxFailuresPerMinute: number, now: () => number) {
    this.#maxFailures = maxFailuresPerMinute;
    this.#now = now;
    this.#beyond = new TokenBucket(beyondLimit, now());
  }

  /** Begins an attempt; `undefined` if its code must not be looked up now. */
  begin(address: string, codeHash: string): JoinAttempt | undefined {
    const nowMs = this.#now();
    if ((this.#rightUntilMs.get(codeHash) ?? 0) > nowMs) return this.#attempt(codeHash, undefined);
    const failures = this.#current(addressKey(address), nowMs);
    if (failures.count < this.#maxFailures) {
      failures.count += 1;
      return this.#attempt(codeHash, failures);
    }
    return this.#beyond.take(nowMs) ? { ...this.#attempt(codeHash, undefined), isBeyondLimit: true } : undefined;
  }

  /** Seconds until wrong codes of this address no longer count; 0 if none do. */
  retryAfterSeconds(address: string): number {
    const untilMs = this.#failures.get(addressKey(address))?.untilMs ?? 0;
    return Math.max(0, Math.ceil((untilMs - this.#now()) / 1000));
  }

  /** Remembers that a code is right, such as that of a session that was started here. */
  remember(codeHash: string): void {
    this.#rightUntilMs.delete(codeHash);
    this.#rightUntilMs.set(codeHash, this.#now() + rightForMs);
    removeOldest(this.#rightUntilMs, maxRightCodes);
  }

  #attempt(codeHash: string, counted: Failures | undefined): JoinAttempt {
    return {
      isBeyondLimit: false,
      settle: (isRight) => {
        if (isRight !== false && counted !== undefined) counted.count -= 1;
        if (isRight === true) this.remember(codeHash);
        if (isRight === false) this.#rightUntilMs.delete(codeHash);
      },
    };
  }

  #current(key: string, nowMs: number): Failures {
    const current = this.#failures.get(key);
    if (current !== undefined && current.untilMs > nowMs) return current;
    const failures = { count: 0, untilMs: nowMs + windowMs };
    this.#failures.delete(key);
    this.#failures.set(key, failures);
    removeOldest(this.#failures, maxAddresses);
    return failures;
  }
}

function removeOldest(entries: Map<string, unknown>, maxEntries: number): void {
  const [oldest] = entries.keys();
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
}

/** The key of an address. An IPv6 /64 network usually is one household or machine, so it counts as one address. */
export function addressKey(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  if (!isIPv6(canonical)) return canonical;
  const [head = '', tail = ''] = canonical.split('::');
  const [left, right] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
