import type { ErrorCode } from '@parley/protocol';
import type { RefusalReason } from '@parley/telemetry';

const reasons: Partial<Record<ErrorCode, RefusalReason>> = {
  'not-json': 'invalid-message',
  'not-an-object': 'invalid-message',
  'unknown-type': 'invalid-message',
  'invalid-field': 'invalid-message',
  'frame-too-large': 'frame-too-large',
  'text-too-long': 'text-too-long',
  'resume-token-wrong': 'wrong-resume-token',
  'join-code-unknown': 'wrong-code',
  'listen-only': 'not-permitted',
  'not-permitted': 'not-permitted',
  'too-many-frames': 'too-many-frames',
  'too-many-listeners': 'too-many-listeners',
  'too-many-sessions': 'too-many-sessions',
  'too-many-sockets': 'too-many-sockets',
  'too-many-tries': 'too-many-tries',
  'too-much-outstanding': 'too-much-outstanding',
};

/** The reason as which an error to a client counts; `undefined` for those that honest clients get in normal use. */
export function refusalReasonOf(code: ErrorCode): RefusalReason | undefined {
  return reasons[code];
}
