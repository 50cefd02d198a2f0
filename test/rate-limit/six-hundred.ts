import type { OfferedLoad } from './offered-load.ts';

/** 15 sessions offer 900 requests per minute to 4 workers, 600 are allowed. */
export const offered900Allowed600 = {
  perMinute: 600,
  offeredPerMinute: 900,
  sessions: 15,
  workers: 4,
  burstMs: 500,
  isKnown: true,
} as const satisfies Partial<OfferedLoad>;
