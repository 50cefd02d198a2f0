export { endpointOptions } from './engine/engine-options.ts';
export { startWorker } from './start-worker.ts';
