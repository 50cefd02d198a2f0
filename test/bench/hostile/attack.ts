import type { Tally } from './tally.ts';

/** What attackers know: an edge, a key of their own tenant, and the join code of another tenant's session. */
export interface Target {
  readonly port: number;
  readonly apiKey: string;
  readonly joinCode: string;
  readonly sessionId: string;
}

/** Not that of the quiet tenant, so that limits of an address are those of the attackers alone. */
export const attackerAddress = '127.0.0.2';

/** A way in which one client can try to stop the others. */
export interface Attack {
  /** What is done, in a few words: the row of the table. */
  readonly name: string;
  /** Whether a speaker of the quiet tenant loses its connection now and then, and must be let in again. */
  readonly cutsSpeakers?: boolean;
  /** Whether it uses so much of the machine by itself that it is not one of those that are made all at once. */
  readonly isAlone?: boolean;
  /** Attacks until the signal. Whatever the edge answers is counted. */
  run(target: Target, tally: Tally, signal: AbortSignal): Promise<void>;
}
