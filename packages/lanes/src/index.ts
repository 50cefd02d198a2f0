export { configureLanes } from './configure-lanes.ts';
export { queueName, type FinalJobData, type Lane, type PartialJobData } from './lane.ts';
export { LaneConsumer, type LaneConsumerOptions, type LaneOutcome, type LaneWork } from './lane-consumer.ts';
export { finalJobs, partialJobs } from './lane-jobs.ts';
export { LaneProducer, type LaneJob } from './lane-producer.ts';
export { LaneViews, type JobCounts } from './lane-views.ts';
export { probeLanes } from './probe-lanes.ts';
export { QueueLatencyMonitor } from './queue-latency-monitor.ts';
