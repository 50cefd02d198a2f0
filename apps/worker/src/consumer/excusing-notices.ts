import type { DegradedNotices } from '@parley/state';
import type { OverloadWatch } from './overload-watch.ts';

/** Says why sessions get less; where that keeps work waiting as well, the watch knows that no place was lacking. */
export class ExcusingNotices implements Pick<DegradedNotices, 'say'> {
  readonly #notices: Pick<DegradedNotices, 'say'>;
  readonly #watch: Pick<OverloadWatch, 'excused'>;

  constructor(notices: Pick<DegradedNotices, 'say'>, watch: Pick<OverloadWatch, 'excused'>) {
    this.#notices = notices;
    this.#watch = watch;
  }

  say(...[sessionId, reason]: Parameters<DegradedNotices['say']>): void {
    if (reason === 'rate-limited' || reason === 'engine-down') this.#watch.excused();
    this.#notices.say(sessionId, reason);
  }
}
