/** The WebSocket close codes of the protocol (RFC 6455, section 7.4: 4000-4999 are the application's own). */
export const closeCodes = {
  ended: 1000,
  goingAway: 1012,
  badFirstMessage: 4400,
  badResumeToken: 4401,
  overQuota: 4403,
  silentTooLong: 4408,
  takenOver: 4409,
  tooMuch: 4413,
  slowConsumer: 4508,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
