import { isIPv6 } from 'node:net';
import { canonicalAddress } from '@parley/config';

const windowMs = 60_000;
/** Maximum number of addresses; above it, the entry that failed first is removed. */
const maxAddresses = 10_000;

interface Failures {
  count: number;
  readonly untilMs: number;
}

/** Counts wrong join codes by address; above the limit per minute, codes are no longer looked up. */
export class JoinAttempts {
  readonly #maxFailures: number;
  readonly #now: () => number;
  /** In the order in which their windows end. */
  readonly #failures = new Map<string, Failures>();

  constructor(maxFailuresPerMinute: number, now: () => number) {
    this.#maxFailures = maxFailuresPerMinute;
    this.#now = now;
  }

  /** Whether this address may try a code. */
  isAllowed(address: string): boolean {
    return (this.#current(addressKey(address))?.count ?? 0) < this.#maxFailures;
  }

  /** Records a wrong code. */
  recordFailure(address: string): void {
    const key = addressKey(address);
    const current = this.#current(key);
    if (current !== undefined) {
      current.count += 1;
      return;
    }
    this.#failures.delete(key);
    this.#failures.set(key, { count: 1, untilMs: this.#now() + windowMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > maxAddresses && oldest !== undefined) this.#failures.delete(oldest);
  }

  #current(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures !== undefined && failures.untilMs > this.#now() ? failures : undefined;
  }
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
