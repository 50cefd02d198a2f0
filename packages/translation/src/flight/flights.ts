/** What a call of the engine gave, as those get it who joined it. */
export interface FlightResult {
  readonly text: string;
}

/**
 * `lead`: the caller makes the call; `follow`: another one makes it, ask again soon; `landed`: it is done; `alone`: the
 * caller, who may not follow, makes a call of its own that nobody can join.
 */
export type Joined =
  { readonly status: 'lead' | 'follow' | 'alone' } | { readonly status: 'landed'; readonly result: FlightResult };

/**
 * Calls under way that equal requests share, whichever process makes them. A flight has one leader, who makes the call,
 * and any number of followers. All of it lapses: a member that isn't heard of for some time is taken for dead.
 */
export interface Flights {
  /** How often a leader must join again, with `mayFollow: false`, to be taken for alive, in ms. */
  readonly renewEveryMs: number;
  /**
   * Joins or stays. A flight whose leader has left or died is led by whoever asks next.
   *
   * @param key what the request is, see `flightKey`
   * @param member names the caller
   */
  join(key: string, member: string, options: { readonly mayFollow: boolean }): Promise<Joined>;
  /** The call is done: whoever asks within some seconds gets its result. */
  land(key: string, result: FlightResult): Promise<void>;
  /**
   * Gives up the flight. A leader who does so `unless-followed` stays its leader where somebody waits for the call.
   */
  leave(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'left' | 'followed'>;
}
