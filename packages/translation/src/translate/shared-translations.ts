/**
 * How long a translation stays in the cache: made for a `partial` minutes, for a `final` a day; a `fallback` by another
 * endpoint than the first minutes, whatever it was made for and whoever finds it.
 */
export type CacheTtlClass = 'partial' | 'final' | 'fallback';

/**
 * `lead`: the caller makes the call that others may follow; `follow`: another worker makes it, ask again soon;
 * `completed`: it is done; `cached`: it was done before; `alone`: the caller makes a call that nobody can join; `none`: nobody
 * makes it, and the caller may not lead.
 */
export type Joined =
  | { readonly status: 'lead' | 'follow' | 'alone' | 'none' }
  | { readonly status: 'completed'; readonly text: string }
  | { readonly status: 'cached'; readonly text: string; readonly ttlClass: CacheTtlClass };

/** Who joins a call, and for what. */
export interface CallMember {
  /** Unique to the caller. */
  readonly member: string;
  readonly kind: 'partial' | 'final';
  /** `false`: to lead only, and to renew as a leader; `alone` where another member leads. */
  readonly mayFollow: boolean;
  /** `false`: only to find a translation or to follow. Default: true. */
  readonly mayLead?: boolean;
}

/**
 * What all workers share: cached translations, and the calls under way that equal requests join (singleflight). A call
 * has one leader, who makes it, and any number of followers. A member that isn't heard of for some time counts as dead.
 */
export interface SharedTranslations {
  /** How often a leader must join again, with `mayFollow: false`, to count as alive, in ms. */
  readonly renewEveryMs: number;
  /**
   * Looks up a translation and, where there is none, joins the call; one round trip. Whoever asks next leads a call
   * whose leader has left or died.
   *
   * @param key see `TranslationKey`
   */
  join(key: string, member: CallMember): Promise<Joined>;
  /** Gives the translation to the followers and to later requests, as long as its class says or, uncached, for seconds. */
  complete(key: string, ttlClass: CacheTtlClass, text: string): Promise<void>;
  /** Leaves the call. A leader who releases it `unless-followed` stays its leader where somebody waits for it. */
  release(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'released' | 'followed'>;
}

/** A translation in the memory of this thread. */
export interface RememberedTranslation {
  readonly text: string;
  readonly ttlClass: CacheTtlClass;
  /** Whether the shared cache has it as well. */
  readonly isShared: boolean;
}

/** The newest translations of this thread, bounded in size and time. */
export interface TranslationMemory {
  get(key: string): RememberedTranslation | undefined;
  set(key: string, translation: RememberedTranslation): unknown;
}
