import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '@parley/telemetry';
import { startConsumer, type Consumer } from '../consumer/consumer.ts';
import { PoisonJobMutex } from './poison-job-mutex.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('this module is the main module of a worker thread');
const say = (message: FromThread): void => port.postMessage(message);

const { config, seat } = workerData as ThreadData;
const logger = createLogger(config, 'worker');

async function obey(consumer: Consumer, message: ToThread): Promise<void> {
  if (message.type === 'metrics') {
    say({ type: 'metrics', id: message.id, metrics: await consumer.metrics.getMetricsAsJSON() });
    return;
  }
  await consumer.close(AbortSignal.timeout(message.timeoutMs));
  port?.close();
}

try {
  const consumer = await startConsumer(config, logger, {
    poisonJobMutex: new PoisonJobMutex(seat),
    onTroubles: (troubles) => say({ type: 'engine', troubles }),
  });
  port.on('message', (message: ToThread) => {
    obey(consumer, message).catch((error: unknown) => {
      logger.error({ err: error }, 'a worker thread could not do as it was told');
      process.exitCode = 1;
      port.close();
    });
  });
  say({ type: 'ready' });
} catch (error) {
  say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
}
