/**
 * How long a translation is cached: minutes for a `partial`, a day for a `final`, and minutes for a `fallback`, made by another
 * endpoint than the first.
 */
export type CacheTtlClass = 'partial' | 'final' | 'fallback';

/**
 * `lead`: the caller makes the call, and others may follow; `follow`: another worker makes it, ask again soon; `completed`: it
 * has just been made; `cached`: it was made before; `unshared`: the caller makes a call that cannot be joined; `none`: there is no
 * call, and the caller may not lead one.
 */
export type Joined =
  | { readonly status: 'lead' | 'follow' | 'unshared' | 'none' }
  | { readonly status: 'completed'; readonly text: string }
  | { readonly status: 'cached'; readonly text: string; readonly ttlClass: CacheTtlClass };

/** A member of a shared call. */
export interface CallMember {
  /** Unique name of the caller. */
  readonly member: string;
  readonly kind: 'partial' | 'final';
  /** `false`: only lead, or renew the lead; the result is `unshared` if another member leads. */
  readonly mayFollow: boolean;
  /** `false`: only find a translation or follow. Default: true. */
  readonly mayLead?: boolean;
}

/**
 * Translations shared by all workers: cached ones, and calls in progress (singleflight). A call has one leader, who makes it,
 * and any number of followers. A member that does not renew in time counts as dead.
 */
export interface SharedTranslations {
  /** Interval at which a leader must join again with `mayFollow: false`, in milliseconds. */
  readonly renewEveryMs: number;
  /**
   * Looks up a translation and, if there is none, joins the call, in one round trip. If the leader has left or died, the next
   * caller leads.
   *
   * @param key see `TranslationKey`
   */
  join(key: string, member: CallMember): Promise<Joined>;
  /**
   * Publishes the translation to followers and later requests, for the time of its class or, uncached, for seconds.
   *
   * @param session the session that made it: if that is erased, so is the cached translation
   */
  complete(key: string, ttlClass: CacheTtlClass, text: string, session?: string): Promise<void>;
  /** Leaves the call. With `unless-followed`, a leader remains the leader if it has followers. */
  release(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'released' | 'followed'>;
}

/** A translation in this thread's memory. */
export interface RememberedTranslation {
  readonly text: string;
  readonly ttlClass: CacheTtlClass;
  /** Whether it is in the shared cache as well. */
  readonly isShared: boolean;
}

/** The most recent translations of this thread, limited in size and age. */
export interface TranslationMemory {
  get(key: string): RememberedTranslation | undefined;
  set(key: string, translation: RememberedTranslation): unknown;
}
