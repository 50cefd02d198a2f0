export { configureLanes } from './configure-lanes.ts';
export { queueName, type FinalJobData, type JobData, type Lane, type RevisionJobData } from './lane.ts';
export { LaneConsumer, type LaneConsumerOptions, type LaneOutcome, type LaneWork } from './lane-consumer.ts';
export { laneJobs } from './lane-jobs.ts';
export { LaneProducer, type LaneJob } from './lane-producer.ts';
export { LaneViews, type JobCounts } from './lane-views.ts';
export { probeLanes } from './probe-lanes.ts';
