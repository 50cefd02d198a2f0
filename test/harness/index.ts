export { engineOf, workerMetric, type EngineControl } from './engine.ts';
export { startRedis } from './redis.ts';
export { startStack, type TestStack } from './stack.ts';
