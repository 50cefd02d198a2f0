import { isIPv6 } from 'node:net';
import { canonicalAddress } from '@parley/config';

const windowMs = 60_000;
/** Addresses that are remembered; past it the one that failed first is forgotten. */
const maxAddresses = 10_000;

interface Failures {
  count: number;
  readonly untilMs: number;
}

/** Wrong join codes of each address: so many a minute, and then none is looked up any more. */
export class JoinTries {
  readonly #maxFailures: number;
  readonly #now: () => number;
  /** In the order in which the windows end. */
  readonly #failures = new Map<string, Failures>();

  constructor(maxFailuresPerMinute: number, now: () => number) {
    this.#maxFailures = maxFailuresPerMinute;
    this.#now = now;
  }

  /** Whether this address may try a code. */
  allowed(address: string): boolean {
    return (this.#current(placeOf(address))?.count ?? 0) < this.#maxFailures;
  }

  /** A code from this address was wrong. */
  failed(address: string): void {
    const place = placeOf(address);
    const current = this.#current(place);
    if (current !== undefined) {
      current.count += 1;
      return;
    }
    this.#failures.delete(place);
    this.#failures.set(place, { count: 1, untilMs: this.#now() + windowMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > maxAddresses && oldest !== undefined) this.#failures.delete(oldest);
  }

  #current(place: string): Failures | undefined {
    const failures = this.#failures.get(place);
    return failures !== undefined && failures.untilMs > this.#now() ? failures : undefined;
  }
}

/** An IPv6 network of 64 bits usually is one household or one machine: it counts as one address. */
function placeOf(address: string): string {
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
