import type { SessionSettings } from '@parley/state';
import type { SessionFeed } from '../delivery/session-feed.ts';

/** The session that a connection has started. What counts stands in Redis; this is the owner's copy of it. */
export interface OwnedSession {
  readonly sessionId: string;
  /** The random id by which Redis knows this connection as the owner. */
  readonly connection: string;
  readonly feed: SessionFeed;
  settings: SessionSettings;
  ending: boolean;
}
