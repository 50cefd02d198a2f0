export { connectRedis } from './connect.ts';
export { RedisProbe } from './redis-probe.ts';
export { uniqueName } from './unique-name.ts';
export { RedisAwayError, untilReady } from './until-ready.ts';
export { watchServer } from './watch-server.ts';
