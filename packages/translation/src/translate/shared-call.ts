import type { Clock } from '../clock.ts';
import { longTextMs } from '../long-text.ts';
import { cancelledWhileWaiting, joinedResult, orAborted } from './in-process-call.ts';
import type { CacheTtlClass, Joined, SharedTranslations } from './shared-translations.ts';
import type { JobRequest, TranslationResult } from './translation-service.ts';

export interface SharedCallOptions {
  readonly shared: SharedTranslations;
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
  /** Gives a name that nobody else has. */
  readonly newMember: () => string;
}

/** What the first look among the translations of all workers found. */
export type LookUpResult = 'none' | 'cached' | 'joined' | 'failed';

/** A translation that need not be made here. */
export interface FoundTranslation {
  readonly result: TranslationResult;
  readonly ttlClass: CacheTtlClass;
}

const lookAtLeastMs = 25;
const lookAtMostMs = 50;
/** For how long, and how often, a call is looked for that another worker hands over. */
const handedOverWithinMs = 100;
const handedOverLookMs = 10;
/** Who has waited so long for the calls of others, one of which failed after the other, makes its own; longer for a long text. */
const followAtMostMs = 10_000;

/**
 * One request among those of all workers. It finds a translation, follows the call of another worker, or makes the call
 * that others follow. Such a call goes on as long as its own request or a follower wants it; where it ends without a
 * result, a follower makes the next one. Where Redis doesn't answer, the call is made without it.
 */
export class SharedCall {
  readonly #options: SharedCallOptions;
  readonly #key: string;
  readonly #request: JobRequest;
  #name: string | undefined;
  /** The call's own signal: nobody here wants it any more, nor does a follower. */
  readonly #unwantedByAll = new AbortController();
  #isOver = false;
  #renewalStop: AbortController | undefined;
  /** Whether Redis may know of it. */
  #isKnown = false;
  #isLeading = false;
  /** A renewal that is sent after the call was released would lead it again. */
  #isReleasing = false;
  #renewals = Promise.resolve();

  constructor(options: SharedCallOptions, key: string, request: JobRequest) {
    this.#options = options;
    this.#key = key;
    this.#request = request;
  }

  /**
   * Looks for a translation, and waits for it where another worker makes it.
   *
   * @param onLookUp hears what the first look found
   * @returns `undefined` where the call is to be made here, see `make`
   * @throws EngineCancelledError where the request was cancelled meanwhile
   */
  async find(onLookUp: (result: LookUpResult) => void): Promise<FoundTranslation | undefined> {
    const { clock } = this.#options;
    const { text, signal, unwanted } = this.#request;
    const until = unwanted === undefined ? signal : AbortSignal.any([signal, unwanted]);
    const startedAtMs = clock.now();
    this.#isKnown = true;
    if (this.#request.isHandedOver) await this.#waitForHandOver(until);
    for (let hasFollowed = false; ; hasFollowed = true) {
      const joined = await this.#look(until);
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

  /** Whether Redis has its result, or will have it. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Lets other workers join the call from now on. */
  announce(): void {
    if (this.#isKnown || this.#isOver) return;
    this.#isKnown = true;
    this.#isLeading = true; // As far as is known: the answer may be lost.
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

  /** Makes the call, and gives its result to other workers where they may know of it or a final waits for it. */
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
      // Nobody here waits for the answer; followers who don't get the result see the lead lapse. What may be no
      // translation isn't given to them: one of them makes a call of its own.
      this.#isReleasing = true;
      const ttlClass = ttlClassOf(result);
      if (result.suspect) this.#release();
      else if (this.#isKnown || ttlClass === 'final') {
        this.#isKnown = true;
        shared.complete(this.#key, ttlClass, result.text).catch(() => undefined);
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

  /** @returns `undefined` where Redis doesn't answer */
  async #look(until: AbortSignal): Promise<Joined | undefined> {
    const { kind } = this.#request;
    const joined = this.#options.shared.join(this.#key, { member: this.#member, kind, mayFollow: true }).catch(() => {
      // It may have joined all the same, and others would wait for it.
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

  /** Another worker has heard at the same time that its call is to be handed over, and it may be slower to say so. */
  async #waitForHandOver(until: AbortSignal): Promise<void> {
    const { shared, clock } = this.#options;
    const { kind } = this.#request;
    const lastLookAtMs = clock.now() + handedOverWithinMs;
    while (clock.now() < lastLookAtMs) {
      const looked = shared.join(this.#key, { member: this.#member, kind, mayFollow: true, mayLead: false });
      if ((await looked.catch(() => undefined))?.status !== 'none') return;
      await clock.delay(handedOverLookMs, until).catch((cause: unknown) => {
        throw cancelledWhileWaiting(cause);
      });
    }
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
      // A renewal that fails is made up for by the next one.
      if (!this.#isReleasing) {
        await shared.join(this.#key, { member, kind, mayFollow: false }).catch(() => undefined);
      }
    }
  }

  /** Ends the call unless somebody follows it. */
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

  /** A call that isn't released lapses by itself. */
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
  // What is cached by the time that a follower looks again is the result of the call that it has joined.
  const isCached = joined.status === 'cached' && !hasFollowed;
  return { result: isCached ? { ...result, cached: true, joined: false } : result, ttlClass };
}
