/** A worker thread whose consumers connect, and never take a job. */
import { QueueConsumer } from '@parley/queues';

QueueConsumer.prototype.start = () => Promise.resolve();
await import('../src/supervisor/thread-main.ts');
