import type { Config } from '@parley/config';
import type { EdgeLimits } from '../core/dependencies.ts';

/** Well above a burst, because messages that arrive while Redis is unavailable wait too. */
const minWaitingFrames = 1000;
const maxWaitingBytes = 4 * 1024 * 1024;
/** A segment of 10,000 characters, each of three bytes, in twenty languages; or very many ordinary ones. */
const maxOpenBytes = 768 * 1024;

/** The limits of every connection. */
export function edgeLimits(config: Config): EdgeLimits {
  return {
    maxFrameBytes: config.MAX_FRAME_BYTES,
    maxTextChars: config.MAX_TEXT_CHARS,
    maxOpenSegments: config.MAX_OPEN_SEGMENTS,
    maxOpenBytes,
    outstandingBytes: {
      session: config.MAX_OUTSTANDING_BYTES_PER_SESSION,
      tenant: Math.max(config.MAX_OUTSTANDING_BYTES_PER_TENANT, config.MAX_OUTSTANDING_BYTES_PER_SESSION),
    },
    frameRate: { perSecond: config.MAX_FRAMES_PER_SECOND, burst: config.MAX_FRAME_BURST },
    maxWaitingFrames: Math.max(minWaitingFrames, 2 * config.MAX_FRAME_BURST),
    maxWaitingBytes,
    maxUnreadBytes: config.MAX_UNREAD_BYTES,
  };
}
