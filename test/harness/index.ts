export { startProcess, type TestProcess, type TestProcessOptions } from './process.ts';
export { startRedis, type TestRedis } from './redis.ts';
export { startStack, type TestStack, type TestStackOptions } from './stack.ts';
