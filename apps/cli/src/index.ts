export { ChildError, startChild, type Child, type ChildExit } from './machine/child.ts';
export { apertium } from './machine/apertium.ts';
export { thisMachine, type Machine } from './machine/machine.ts';
export { MissingProgramError } from './machine/missing-program-error.ts';
export { ensurePrograms } from './machine/ensure-programs.ts';
export { startPrivateRedis, type RedisAddress } from './machine/private-redis.ts';
export { ensureRedisServer, redisServer } from './machine/redis-server.ts';
export type { ProcessAddress } from './up/ready-line.ts';
export { startProcess } from './up/start-process.ts';
