/**
 * The codes of `error` and `translation.failed`, each with whether sending the same message again may succeed. A
 * test keeps this list and `docs/protocol.md` in step.
 */
export const errorCodes = {
  'not-json': { retryable: false },
  'not-an-object': { retryable: false },
  'unknown-type': { retryable: false },
  'invalid-field': { retryable: false },
  'frame-too-large': { retryable: false },
  'text-too-long': { retryable: false },
  'session-not-started': { retryable: false },
  'session-already-started': { retryable: false },
  'session-unknown': { retryable: false },
  'session-ending': { retryable: false },
  'session-paused': { retryable: false },
  'session-taken-over': { retryable: false },
  'resume-token-wrong': { retryable: false },
  'join-code-unknown': { retryable: false },
  'not-started': { retryable: true },
  'listen-only': { retryable: false },
  'not-permitted': { retryable: false },
  'language-not-offered': { retryable: false },
  'language-unsupported': { retryable: false },
  'segment-settled': { retryable: false },
  'segment-too-old': { retryable: false },
  'segment-not-settled': { retryable: true },
  'too-many-frames': { retryable: true },
  'too-many-sessions': { retryable: true },
  'too-many-rooms': { retryable: false },
  'too-many-sockets': { retryable: true },
  'too-many-tries': { retryable: true },
  'temporarily-unavailable': { retryable: true },
  'over-budget': { retryable: false },
  'engine-unavailable': { retryable: true },
  'engine-timeout': { retryable: true },
  'engine-rate-limited': { retryable: true },
  'engine-rejected': { retryable: false },
  'engine-bad-reply': { retryable: true },
  'engine-cancelled': { retryable: false },
  internal: { retryable: true },
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;
