/** Time until a translation is delivered; finest in the range in which readers notice a difference. */
export const latencyBucketsSeconds = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 20];

/** Time in the queue: about a millisecond if a worker is idle, seconds if there are too few workers. */
export const waitBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** By how much streamed words are shown before their whole reply: a few tokens. */
export const aheadBucketsSeconds = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2];
