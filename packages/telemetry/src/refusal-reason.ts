/**
 * Why an edge refused a client, or lost it. The values are a label of a metric, so the list is short and fixed; a test
 * keeps it and `docs/operations.md` in step.
 */
export const refusalReasons = [
  'no-key',
  'wrong-key',
  'wrong-token',
  'key-revoked',
  'wrong-code',
  'wrong-resume-token',
  'not-permitted',
  'address',
  'host',
  'origin',
  'proxy',
  'subprotocol',
  'path',
  'too-many-connections',
  'too-many-sockets',
  'too-many-listeners',
  'too-many-sessions',
  'too-many-frames',
  'too-many-waiting',
  'too-many-tries',
  'too-much-buffered',
  'too-much-outstanding',
  'frame-too-large',
  'text-too-long',
  'invalid-message',
  'invalid-request',
  'protocol-error',
  'message-timeout',
  'no-session',
  'connection-lost',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];
