/** A thread holds on to so many more than its share: segments come and go, and each that changes hands loses its calls. */
const slackShare = 0.2;
const slackSegments = 4;
/** Most segments given up at once: more would reach the other threads as a burst. */
const mostGivenUp = 32;

/**
 * How many open segments a thread gives up, so that one that has joined late gets its share. Whoever is free takes them, this
 * thread too: what is too much halves from one look to the next.
 *
 * @param own segments that this thread holds
 * @param all what all threads hold, this one included
 */
export function segmentsToGiveUp(own: number, all: { readonly threads: number; readonly held: number }): number {
  if (all.threads <= 1) return 0;
  const share = Math.ceil(all.held / all.threads);
  if (own <= share * (1 + slackShare) + slackSegments) return 0;
  return Math.min(own - share, mostGivenUp);
}
