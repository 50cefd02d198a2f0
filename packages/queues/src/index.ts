export { configureQueues } from './configure-queues.ts';
export { queueName, type FinalJobData, type QueueKind, type PartialJobData } from './queue-name.ts';
export { QueueConsumer, type QueueConsumerOptions, type JobOutcome, type QueueWork } from './queue-consumer.ts';
export { finalJobs, partialJobs } from './queue-jobs.ts';
export { QueueProducer, type QueueJob } from './queue-producer.ts';
export { QueueViews, type JobCounts } from './queue-views.ts';
export { probeQueues } from './probe-queues.ts';
export { QueueLatencyMonitor } from './queue-latency-monitor.ts';
