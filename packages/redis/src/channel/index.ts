export { DegradedNotices } from './degraded-notices.ts';
export type { Envelope } from './envelope.ts';
export { SessionChannels, type ChannelListener } from './session-channels.ts';
