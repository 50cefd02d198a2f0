import type { OfferedLoad } from './offered-load.ts';

/** 600 requests a minute are allowed, and 900 are offered by 15 sessions to 4 workers. */
export const offered900Allowed600 = {
  perMinute: 600,
  offeredPerMinute: 900,
  sessions: 15,
  workers: 4,
  burstMs: 500,
  isKnown: true,
} as const satisfies Partial<OfferedLoad>;
