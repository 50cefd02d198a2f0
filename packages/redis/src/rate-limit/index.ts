export { LimitPauses } from './limit-pauses.ts';
export { limitedEndpoint, RateLimitStore } from './rate-limit-store.ts';
export { ThreadCount } from './thread-count.ts';
