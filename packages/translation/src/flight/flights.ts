import type { KeptAs, KeptFor } from '../cache/translation-cache.ts';

/**
 * `lead`: the caller makes the call; `follow`: another one makes it, ask again soon; `landed`: it is done; `cached`: it
 * was done before, and its result is kept; `alone`: the caller, who may not follow, leads no more, and makes a call of its
 * own that nobody can join.
 */
export type Joined =
  { readonly status: 'lead' | 'follow' | 'alone' } | { readonly status: 'landed' | 'cached'; readonly text: string };

/** Who joins, and for what. */
export interface FlightMember {
  /** Names the caller, and nobody else. */
  readonly member: string;
  readonly kind: KeptFor;
  /** `false`: to lead only, and to be heard of as a leader. */
  readonly mayFollow: boolean;
}

/**
 * Calls under way that equal requests share, whichever process makes them. A flight has one leader, who makes the call,
 * and any number of followers. All of it lapses: a member that isn't heard of for some time is taken for dead.
 */
export interface Flights {
  /** How often a leader must join again, with `mayFollow: false`, to be taken for alive, in ms. */
  readonly renewEveryMs: number;
  /**
   * Joins or stays. A flight whose leader has left or died is led by whoever asks next. Where translations are cached
   * it looks there first, so that no more than one question has to be answered before a call.
   *
   * @param key what the request is, see `TranslationKey`
   */
  join(key: string, member: FlightMember): Promise<Joined>;
  /** The call is done: whoever asks gets its translation, for some seconds or, where it is cached, for as long as that. */
  land(key: string, as: KeptAs, text: string): Promise<void>;
  /**
   * Gives up the flight. A leader who does so `unless-followed` stays its leader where somebody waits for the call.
   */
  leave(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'left' | 'followed'>;
}
