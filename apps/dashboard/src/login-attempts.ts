import { canonicalAddress } from '@parley/config';

export interface LoginLimits {
  readonly windowMs: number;
  /** Failed logins of one address in a window, after which its further ones are not looked at. */
  readonly maxPerAddress: number;
  /** Failed logins of all addresses together, after which only those that have logged in before may try. */
  readonly maxInAll: number;
}

/** More than the people who use a dashboard have. */
const maxKnownAddresses = 100;

/** Counts failed logins, so that nobody can try many keys. Times are milliseconds of the caller's clock. */
export class LoginAttempts {
  readonly #limits: LoginLimits;
  readonly #now: () => number;
  /** In the current window; never more than `maxInAll` and those of known addresses. */
  readonly #failures = new Map<string, number>();
  readonly #known = new Set<string>();
  #total = 0;
  #windowEndsAtMs = -Infinity;

  constructor(limits: LoginLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Whether a login from this address may be looked at. */
  isAllowed(address: string): boolean {
    this.#startWindow();
    const key = keyOf(address);
    if ((this.#failures.get(key) ?? 0) >= this.#limits.maxPerAddress) return false;
    return this.#total < this.#limits.maxInAll || this.#known.has(key);
  }

  /** Records a wrong key; returns how many this address has presented in the window. */
  recordFailure(address: string): number {
    this.#startWindow();
    const key = keyOf(address);
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#total += 1;
    return failures;
  }

  recordSuccess(address: string): void {
    if (this.#known.size < maxKnownAddresses) this.#known.add(keyOf(address));
  }

  #startWindow(): void {
    if (this.#now() < this.#windowEndsAtMs) return;
    this.#windowEndsAtMs = this.#now() + this.#limits.windowMs;
    this.#failures.clear();
    this.#total = 0;
  }
}

function keyOf(address: string): string {
  return canonicalAddress(address) ?? address;
}
