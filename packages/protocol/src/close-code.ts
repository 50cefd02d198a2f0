/**
 * The WebSocket close codes of the protocol (RFC 6455, section 7.4: 4000-4999 are the application's own). The edge's
 * WebSocket library sends 1002 and 1007 by itself.
 */
export const closeCodes = {
  ended: 1000,
  invalidFrame: 1002,
  invalidUtf8: 1007,
  internalError: 1011,
  goingAway: 1012,
  badFirstMessage: 4400,
  badResumeToken: 4401,
  overQuota: 4403,
  silentTooLong: 4408,
  takenOver: 4409,
  joinCodeChanged: 4410,
  roomTaken: 4411,
  keyRevoked: 4412,
  tooMuch: 4413,
  slowConsumer: 4508,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
