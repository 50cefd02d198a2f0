/** From a frame's arrival to its translation's leaving: fine where a reader sees the difference. */
export const latencyBucketsSeconds = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 20];

/** Waiting in a lane: about a millisecond with a worker free, seconds where workers are too few. */
export const waitBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
