/** With fewer hits than this, the commands of the look-ups cost more than the calls that they spare. */
const leastHitShare = 0.1;
/** The weight of the newest sample: about the last sixteen count. */
const weight = 1 / 16;
/** What is expected of a tenant that nothing is known of: it takes fifteen samples in vain to stop asking. */
const firstHitShare = 0.25;
/** Keys that begin so are samples: 4 of 64, a sixteenth of all texts. */
const sampleInitials = 'ABCD';
const mostTenants = 1000;

/**
 * Decides for which partials the translations of all workers are looked up: for all of a tenant's while enough look-ups
 * found something lately, otherwise for samples alone.
 *
 * A sample is chosen by the key of its text, so all threads sample the same texts, and a repeat among them is found
 * wherever it comes to. Only samples count for the share of hits: they are looked up whatever the other threads do.
 */
export class LookUpPolicy {
  readonly #hitShares = new Map<string, number>();

  /** @param key see `TranslationKey`: a hash in base64url */
  shouldLookUp(tenant: string, key: string): boolean {
    return isSample(key) || this.hitShareOf(tenant) >= leastHitShare;
  }

  /** Tells what a look-up found. */
  lookedUp(tenant: string, key: string, isHit: boolean): void {
    if (!isSample(key)) return;
    const share = nextHitShare(this.hitShareOf(tenant), isHit);
    // The tenant that was sampled longest ago is forgotten first.
    this.#hitShares.delete(tenant);
    this.#hitShares.set(tenant, share);
    const [oldest] = this.#hitShares.keys();
    if (this.#hitShares.size > mostTenants && oldest !== undefined) this.#hitShares.delete(oldest);
  }

  /** The exponentially weighted share of hits among a tenant's samples. */
  hitShareOf(tenant: string): number {
    return this.#hitShares.get(tenant) ?? firstHitShare;
  }
}

function isSample(key: string): boolean {
  return sampleInitials.includes(key.charAt(0)) && key !== '';
}

function nextHitShare(share: number, isHit: boolean): number {
  return share + weight * ((isHit ? 1 : 0) - share);
}
