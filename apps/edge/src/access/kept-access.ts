import type { Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';
import { openAccess, type AccessPolicy, type KeyKeeper } from './access-policy.ts';

const againMs = 1000;

/** It isn't known yet who may open a socket: the key that edges share can't be had. */
export class AccessUnknownError extends Error {
  override readonly name = 'AccessUnknownError';
}

/** The access policy of an edge. Only the shared key is asked of a store, and asked again until it is there. */
export class KeptAccess implements Disposable {
  #policy: AccessPolicy | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** Resolves when the policy is there or can't be had now. */
  static async open(config: Config, store: KeyKeeper, logger: Logger): Promise<KeptAccess> {
    const access = new KeptAccess();
    await access.#open(config, store, logger);
    return access;
  }

  /** @throws AccessUnknownError */
  get policy(): AccessPolicy {
    if (this.#policy === undefined) throw new AccessUnknownError('the key that edges share is not known yet');
    return this.#policy;
  }

  /** Whether this machine needs no key. */
  get isKeyless(): boolean {
    return this.#policy?.kind === 'keyless';
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #open(config: Config, store: KeyKeeper, logger: Logger): Promise<void> {
    try {
      const { policy, madeKey } = await openAccess(config, store);
      this.#policy = policy;
      // The one time that this key is shown: it was made just now, and nobody could know it otherwise.
      if (madeKey !== undefined)
        logger.warn({ apiKey: madeKey }, 'no API_KEYS are set: this key was made for all edges');
    } catch (error) {
      logger.warn({ err: error }, 'the key that edges share could not be read; it is tried again');
      if (!this.#disposed) this.#timer = setTimeout(() => void this.#open(config, store, logger), againMs);
    }
  }
}
