/** With a smaller share of hits, look-ups cost more than the calls they save. */
const leastHitShare = 0.1;
/** Weight of the newest sample: about the last sixteen count. */
const weight = 1 / 16;
/** Initial share of hits of a tenant: after fifteen samples without a hit, look-ups stop. */
const firstHitShare = 0.25;
/** First characters of the hashes that are samples: 4 of 64, a sixteenth of all texts. */
const sampleInitials = 'ABCD';
const mostTenants = 1000;

/**
 * Decides which partials are looked up in the shared translations: all of a tenant's while enough look-ups have hits,
 * otherwise only samples.
 *
 * Samples are selected by key, so that all threads sample the same texts and a repeated sample is found from any thread. Only
 * samples count for the share of hits, since they are looked up regardless of what other threads do.
 */
export class LookUpPolicy {
  readonly #hitShares = new Map<string, number>();

  /** @param key see `TranslationKey`: a hash in base64url */
  shouldLookUp(tenant: string, key: string): boolean {
    return isSample(key) || this.hitShareOf(tenant) >= leastHitShare;
  }

  /** Records the result of a look-up. */
  lookedUp(tenant: string, key: string, isHit: boolean): void {
    if (!isSample(key)) return;
    const share = nextHitShare(this.hitShareOf(tenant), isHit);
    // Evict the tenant that was sampled longest ago.
    this.#hitShares.delete(tenant);
    this.#hitShares.set(tenant, share);
    const [oldest] = this.#hitShares.keys();
    if (this.#hitShares.size > mostTenants && oldest !== undefined) this.#hitShares.delete(oldest);
  }

  /** Exponentially weighted share of hits among a tenant's samples. */
  hitShareOf(tenant: string): number {
    return this.#hitShares.get(tenant) ?? firstHitShare;
  }
}

/** The hash of what was said follows the prefix of the tenant, which all its keys have in common. */
function isSample(key: string): boolean {
  const initial = key.charAt(key.indexOf('.') + 1);
  return initial !== '' && sampleInitials.includes(initial);
}

function nextHitShare(share: number, isHit: boolean): number {
  return share + weight * ((isHit ? 1 : 0) - share);
}
