/** A thread may exceed its share by this much: the number of segments varies, and handing one over loses its calls. */
const slackShare = 0.2;
const slackSegments = 4;
/** Maximum number of segments given up at once, to avoid a burst at the other threads. */
const mostGivenUp = 32;

/**
 * Returns how many open segments a thread gives up, so that a newly started thread gets its share. Any free thread takes them,
 * including this one, so the excess halves from one check to the next.
 *
 * @param own number of segments held by this thread
 * @param all totals of all threads, including this one
 */
export function segmentsToGiveUp(own: number, all: { readonly threads: number; readonly held: number }): number {
  if (all.threads <= 1) return 0;
  const share = Math.ceil(all.held / all.threads);
  if (own <= share * (1 + slackShare) + slackSegments) return 0;
  return Math.min(own - share, mostGivenUp);
}
