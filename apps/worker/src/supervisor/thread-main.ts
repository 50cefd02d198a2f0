import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '@parley/telemetry';
import { startConsumer, type Consumer } from '../consumer/consumer.ts';
import { PoisonJobMutex } from './poison-job-mutex.ts';
import { ThreadActivity } from './thread-activity.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this module must be the main module of a worker thread');
const send = (message: FromThread): void => port.postMessage(message);

const { config, mutexHandle, activityCells } = workerData as ThreadData;
const logger = createLogger(config, 'worker');

async function handleCommand(consumer: Consumer, message: ToThread): Promise<void> {
  if (message.type === 'metrics') {
    send({ type: 'metrics', id: message.id, metrics: await consumer.metrics.getMetricsAsJSON() });
    return;
  }
  await consumer.close(AbortSignal.timeout(message.timeoutMs));
  // Ends this thread, even while a collector that does not answer is awaited.
  process.exit();
}

try {
  const consumer = await startConsumer(config, logger, {
    poisonJobMutex: new PoisonJobMutex(mutexHandle),
    activity: new ThreadActivity(activityCells),
    onTroubles: (troubles) => send({ type: 'engine', troubles }),
  });
  port.on('message', (message: ToThread) => {
    handleCommand(consumer, message).catch((error: unknown) => {
      logger.error({ err: error }, 'worker thread command failed; exiting');
      process.exitCode = 1;
      port.close();
    });
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
