import type { LaneOutcome, LaneWork } from '@parley/lanes';
import type { DegradedNotices, ServerClock } from '@parley/state';
import { LongWaits } from './long-waits.ts';

export interface OverloadWatchOptions {
  readonly serverClock: Pick<ServerClock, 'nowMs'>;
  readonly notices: Pick<DegradedNotices, 'say'>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

type Handler = (work: LaneWork) => Promise<LaneOutcome>;

/**
 * Tells sessions that there are too few workers, by how long their jobs have waited in the lanes of this consumer. The
 * other reasons to get less are said through it, since what they explain is no lack of workers.
 */
export class OverloadWatch implements Pick<DegradedNotices, 'say'> {
  readonly #options: OverloadWatchOptions;
  readonly #lanes: LongWaits[] = [];

  constructor(options: OverloadWatchOptions) {
    this.#options = options;
  }

  say(...[sessionId, reason]: Parameters<DegradedNotices['say']>): void {
    if (reason === 'rate-limited' || reason === 'engine-down') {
      for (const waits of this.#lanes) waits.excused(this.#options.now());
    }
    this.#options.notices.say(sessionId, reason);
  }

  /** The handler of a lane, looking at how long each job waited. @param places how many jobs it is given at once */
  over(handle: Handler, places: number): Handler {
    const waits = new LongWaits(places);
    this.#lanes.push(waits);
    return (work) => {
      const waitedMs = this.#waitedMs(work);
      const isTooLong =
        waitedMs !== undefined && waits.waited({ waitedMs, priority: work.priority }, this.#options.now());
      if (isTooLong) this.#options.notices.say(work.data.sessionId, 'overloaded');
      return handle(work);
    };
  }

  /**
   * Since it was due. Tickets and finals are numbered by the clock of Redis, so what the clocks of edge and worker say
   * doesn't matter; the number of a job for every revision (`LATEST_WINS=off`) tells nothing.
   */
  #waitedMs({ data, wasPutOff }: LaneWork): number | undefined {
    const { nowMs } = this.#options.serverClock;
    const dueAtMs = Number(data.number) / 1000;
    return wasPutOff || nowMs === undefined || Number.isNaN(dueAtMs) ? undefined : nowMs - dueAtMs;
  }
}
