import type { Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';
import { openAccess, type AccessPolicy, type SharedKeySource } from './access-policy.ts';

const retryMs = 1000;

/** The access policy is unknown because the shared key can't be read. */
export class AccessUnknownError extends Error {
  override readonly name = 'AccessUnknownError';
}

/** The access policy of an edge. Only the shared key needs the store; reading it is retried until it succeeds. */
export class EdgeAccess implements Disposable {
  #policy: AccessPolicy | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** Resolves when the policy is known or the first attempt has failed. */
  static async open(config: Config, store: SharedKeySource, logger: Logger): Promise<EdgeAccess> {
    const access = new EdgeAccess();
    await access.#open(config, store, logger);
    return access;
  }

  /** @throws AccessUnknownError */
  get policy(): AccessPolicy {
    if (this.#policy === undefined) throw new AccessUnknownError('the shared API key is not known yet');
    return this.#policy;
  }

  /** Whether clients on this machine need no key. */
  get isKeyless(): boolean {
    return this.#policy?.kind === 'keyless';
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #open(config: Config, store: SharedKeySource, logger: Logger): Promise<void> {
    try {
      const { policy, createdKey } = await openAccess(config, store);
      this.#policy = policy;
      // Logged only now: the key has just been created and cannot be read later.
      if (createdKey !== undefined)
        logger.warn({ apiKey: createdKey }, 'API_KEYS is not set; created a key for all edges');
    } catch (error) {
      logger.warn({ err: error }, 'reading the shared API key failed; retrying');
      if (!this.#disposed) this.#timer = setTimeout(() => void this.#open(config, store, logger), retryMs);
    }
  }
}
