export { endpointLabel, engineAt, engineOf, metricsPages, workerMetric, type EngineControl } from './engine.ts';
export { startLiveListener, type LiveListener } from './live-listener.ts';
export { startLiveSpeaker, type LiveSpeaker } from './live-speaker.ts';
export { startProcess, type TestProcess } from './process.ts';
export { startRedis } from './redis.ts';
export { partialOf, partialsIn, resultOf, resultsIn } from './results.ts';
export { startStack, type TestStack } from './stack.ts';
