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

/** Tells sessions that they wait for a free place, by how long their jobs have waited in the lanes of this consumer. */
export class OverloadWatch {
  readonly #options: OverloadWatchOptions;
  readonly #lanes: LongWaits[] = [];

  constructor(options: OverloadWatchOptions) {
    this.#options = options;
  }

  /** The rate limit or an engine that is down keeps work waiting just now, in whichever lane. */
  excused(): void {
    for (const waits of this.#lanes) waits.excused(this.#options.now());
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
