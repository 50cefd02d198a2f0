export { startRedis } from './redis.ts';
export { startStack, type TestStack } from './stack.ts';
