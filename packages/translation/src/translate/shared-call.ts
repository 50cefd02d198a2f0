import type { Clock } from '../clock.ts';
import { longTextMs } from '../long-text.ts';
import { cancelledWhileWaiting, joinedResult, orAborted } from './in-process-call.ts';
import type { CacheTtlClass, Joined, SharedTranslations } from './shared-translations.ts';
import type { JobRequest, TranslationResult } from './translation-service.ts';

export interface SharedCallOptions {
  readonly shared: SharedTranslations;
  readonly clock: Clock;
  /** Returns a number in [0, 1), as `Math.random` does. */
  readonly random: () => number;
  /** Returns a unique member name. */
  readonly newMember: () => string;
}

/** Result of the first look-up in the shared translations. */
export type LookUpResult = 'none' | 'cached' | 'joined' | 'failed';

/** A translation found instead of making a call. */
export interface FoundTranslation {
  readonly result: TranslationResult;
  readonly ttlClass: CacheTtlClass;
}

const lookAtLeastMs = 25;
const lookAtMostMs = 50;
/** Time limit and interval for finding a call that another worker hands over. */
const handedOverWithinMs = 50;
const handedOverLookMs = 10;
/** A request that has waited this long for failing calls of others makes its own; longer for a long text. */
const followAtMostMs = 10_000;

/**
 * One request among equal ones of all workers (distributed singleflight). It finds a translation, follows another worker's
 * call, or leads a call that others follow. A call continues while its own request or a follower wants it; if it ends without
 * a result, a follower leads the next one. If Redis does not reply, the call is made without it.
 */
export class SharedCall {
  readonly #options: SharedCallOptions;
  readonly #key: string;
  readonly #request: JobRequest;
  #name: string | undefined;
  /** Signal of the call: neither its own request nor a follower wants it any more. */
  readonly #unwantedByAll = new AbortController();
  #isOver = false;
  #renewalStop: AbortController | undefined;
  /** Whether Redis may know of the call. */
  #isKnown = false;
  #isLeading = false;
  /** Set before releasing: a later renewal would lead the call again. */
  #isReleasing = false;
  #renewals = Promise.resolve();

  constructor(options: SharedCallOptions, key: string, request: JobRequest) {
    this.#options = options;
    this.#key = key;
    this.#request = request;
  }

  /**
   * Looks up a translation, and waits for it if another worker is making it.
   *
   * @param onLookUp called with the result of the first look-up
   * @returns `undefined` if the call has to be made here, see `make`
   * @throws EngineCancelledError if the request was cancelled meanwhile
   */
  async find(onLookUp: (result: LookUpResult) => void): Promise<FoundTranslation | undefined> {
    const { clock } = this.#options;
    const { text, signal, unwanted } = this.#request;
    const until = unwanted === undefined ? signal : AbortSignal.any([signal, unwanted]);
    const startedAtMs = clock.now();
    this.#isKnown = true;
    const handedOver = this.#request.isHandedOver ? await this.#waitForHandOver(until) : undefined;
    for (let hasFollowed = false; ; hasFollowed = true) {
      const joined = (hasFollowed ? undefined : handedOver) ?? (await this.#look(until));
      if (!hasFollowed) onLookUp(lookUpResult(joined));
      const waitedMs = clock.now() - startedAtMs;
      if (joined?.status === 'cached' || joined?.status === 'completed')
        return found(joined, { hasFollowed, waitedMs });
      if (joined?.status === 'lead') this.#lead();
      if (joined?.status !== 'follow') return undefined;
      if (waitedMs > followAtMostMs + longTextMs(text)) {
        this.#release();
        return undefined;
      }
      await this.#waitToLookAgain(until);
    }
  }

  /** Whether Redis has the result or will receive it. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Allows other workers to join the call. */
  announce(): void {
    if (this.#isKnown || this.#isOver) return;
    this.#isKnown = true;
    this.#isLeading = true; // Assumed, since the reply may be lost.
    const { kind } = this.#request;
    this.#options.shared.join(this.#key, { member: this.#member, kind, mayFollow: false }).then(
      ({ status }) => {
        if (status !== 'lead') this.#isLeading = false;
        else if (!this.#isReleasing) this.#lead();
      },
      () => {
        this.#isLeading = false;
        this.#release();
      },
    );
  }

  /** Makes the call, and shares its result if other workers may be waiting for it or it is for a final. */
  async make(
    call: (request: JobRequest) => Promise<TranslationResult>,
    ttlClassOf: (result: TranslationResult) => CacheTtlClass,
  ): Promise<TranslationResult> {
    const { shared } = this.#options;
    const { unwanted } = this.#request;
    const onUnwanted = (): void => void this.#giveUp();
    unwanted?.addEventListener('abort', onUnwanted, { once: true });
    if (unwanted?.aborted === true) onUnwanted();
    try {
      const result = await call({ ...this.#request, unwanted: this.#unwantedByAll.signal });
      // Not awaited; followers who do not receive the result detect the expired lead. A suspect result is not shared: one of
      // the followers makes its own call.
      this.#isReleasing = true;
      const ttlClass = ttlClassOf(result);
      if (result.suspect) this.#release();
      else if (this.#isKnown || ttlClass === 'final') {
        this.#isKnown = true;
        shared.complete(this.#key, ttlClass, result.text, this.#request.session).catch(() => undefined);
      }
      return result;
    } catch (error) {
      this.#isReleasing = true;
      this.#end();
      await this.#renewals;
      if (this.#isLeading) await shared.release(this.#key, this.#member, 'always').catch(() => undefined);
      throw error;
    } finally {
      this.#end();
      unwanted?.removeEventListener('abort', onUnwanted);
    }
  }

  /** @returns `undefined` if Redis does not reply */
  async #look(until: AbortSignal): Promise<Joined | undefined> {
    const { kind } = this.#request;
    const joined = this.#options.shared.join(this.#key, { member: this.#member, kind, mayFollow: true }).catch(() => {
      // The request may have been processed nevertheless, and others would wait for this member.
      this.#release();
      return undefined;
    });
    try {
      return await orAborted(joined, until);
    } catch (error) {
      void joined.then((late) => {
        if (late?.status === 'lead' || late?.status === 'follow') this.#release();
      });
      throw error;
    }
  }

  /**
   * The other worker learned of the final at the same time as this one, and may announce its call a moment later.
   *
   * @returns `undefined` if nothing is handed over in time, or Redis does not reply
   */
  async #waitForHandOver(until: AbortSignal): Promise<Joined | undefined> {
    const { shared, clock } = this.#options;
    const { kind } = this.#request;
    const lastLookAtMs = clock.now() + handedOverWithinMs;
    while (clock.now() < lastLookAtMs) {
      const looking = shared.join(this.#key, { member: this.#member, kind, mayFollow: true, mayLead: false });
      const looked = await looking.catch(() => undefined);
      if (looked?.status !== 'none') return looked;
      await clock.delay(handedOverLookMs, until).catch((cause: unknown) => {
        throw cancelledWhileWaiting(cause);
      });
    }
    return undefined;
  }

  async #waitToLookAgain(until: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    try {
      await clock.delay(lookAtLeastMs + random() * (lookAtMostMs - lookAtLeastMs), until);
    } catch (cause) {
      this.#release();
      throw cancelledWhileWaiting(cause);
    }
  }

  /** Most calls are never seen by others, and need no name. */
  get #member(): string {
    return (this.#name ??= this.#options.newMember());
  }

  #end(): void {
    this.#isOver = true;
    this.#renewalStop?.abort();
  }

  #lead(): void {
    this.#isLeading = true;
    this.#renewalStop = new AbortController();
    this.#renewals = this.#renewWhileUnderWay(this.#renewalStop.signal);
  }

  async #renewWhileUnderWay(over: AbortSignal): Promise<void> {
    const { shared, clock } = this.#options;
    const { kind, unwanted } = this.#request;
    const member = this.#member;
    for (;;) {
      const isUnderWay = await clock.delay(shared.renewEveryMs, over).then(
        () => true,
        () => false,
      );
      if (!isUnderWay) return;
      if (unwanted?.aborted === true) await this.#giveUp();
      // A failed renewal is compensated by the next one.
      if (!this.#isReleasing) {
        await shared.join(this.#key, { member, kind, mayFollow: false }).catch(() => undefined);
      }
    }
  }

  /** Ends the call unless it has followers. */
  async #giveUp(): Promise<void> {
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    const { shared } = this.#options;
    const answer = this.#isLeading
      ? await shared.release(this.#key, this.#member, 'unless-followed').catch(() => 'released' as const)
      : 'released';
    if (answer === 'released') this.#unwantedByAll.abort(this.#request.unwanted?.reason);
    else this.#isReleasing = false;
  }

  /** A call that is not released expires by itself. */
  #release(): void {
    if (this.#isKnown) this.#options.shared.release(this.#key, this.#member, 'always').catch(() => undefined);
  }
}

function lookUpResult(joined: Joined | undefined): LookUpResult {
  if (joined === undefined) return 'failed';
  if (joined.status === 'cached') return joined.status;
  return joined.status === 'follow' || joined.status === 'completed' ? 'joined' : 'none';
}

function found(
  joined: Extract<Joined, { text: string }>,
  { hasFollowed, waitedMs }: { hasFollowed: boolean; waitedMs: number },
): FoundTranslation {
  const ttlClass = joined.status === 'cached' ? joined.ttlClass : 'partial';
  const result = joinedResult(joined, waitedMs);
  // A follower that finds the result in the cache has still joined the call that produced it.
  const isCached = joined.status === 'cached' && !hasFollowed;
  return { result: isCached ? { ...result, cached: true, joined: false } : result, ttlClass };
}
