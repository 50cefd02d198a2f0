import { closeCodes, ConnectionClosedError, ConnectionRefusedError, DeadlineError, ServerError } from '@parley/client';

// Messages for readers. The server's own messages are for developers and are logged to the browser's console.

/** Messages for the codes of `error` and `translation.failed`. */
export const errorTexts: Readonly<Record<string, string>> = {
  'not-json': 'The server did not understand this page. Reload it.',
  'not-an-object': 'The server did not understand this page. Reload it.',
  'unknown-type': 'The server did not understand this page. Reload it.',
  'invalid-field': 'The server did not understand this page. Reload it.',
  'frame-too-large': 'That was too long to be sent.',
  'text-too-long': 'This sentence is too long to be translated.',
  'session-not-started': 'There is no session. Start one first.',
  'session-already-started': 'A session is running already.',
  'session-unknown': 'The session is over. Start a new one.',
  'session-ending': 'The session is ending; nothing more is translated.',
  'session-paused': 'The session is paused; nothing is translated until it goes on.',
  'session-taken-over': 'This session goes on elsewhere.',
  'resume-token-wrong': 'This session can no longer be continued. Start a new one.',
  'join-code-unknown': 'There is no talk with this code.',
  'not-started': 'The talk has not begun yet.',
  'listen-only': 'You can only listen here.',
  'not-permitted': 'This link has expired or is for another session.',
  'language-not-offered': 'This talk is not offered in that language.',
  'language-unsupported': 'There is no translation between these languages.',
  'segment-settled': 'This sentence was finished with other words already.',
  'segment-not-settled': 'Only a finished sentence can be corrected.',
  'segment-too-old': 'This sentence is too old to be translated.',
  'too-many-frames': 'Too much was sent at once. Slow down a little.',
  'too-much-outstanding': 'Too much is waiting to be translated. Try again in a moment.',
  'too-many-sessions': 'Too many sessions are running. Try again later.',
  'too-many-rooms': 'There are too many rooms.',
  'too-many-listeners': 'Too many people are listening. Try again later.',
  'too-many-sockets': 'Too many people are connected. Try again later.',
  'too-many-tries': 'Too many wrong codes. Wait a minute and try again.',
  'temporarily-unavailable': 'The server cannot be used right now. Try again in a moment.',
  'over-budget': 'Not translated: the budget is used up.',
  'engine-unavailable': 'Not translated: no translator could be reached.',
  'engine-timeout': 'Not translated: it took too long.',
  'engine-rate-limited': 'Not translated: there was too much to translate at once.',
  'engine-rejected': 'Not translated: translation is not set up correctly.',
  'engine-bad-reply': 'Not translated: no good translation was found.',
  'engine-cancelled': 'Not translated.',
  internal: 'Not translated: something went wrong on the server.',
};

const otherError = 'Something went wrong on the server.';
const otherClose = 'The server has closed the connection.';
const unreachable = 'The server cannot be reached at the moment.';

/** Fields that users fill in themselves. */
const fieldTexts: Readonly<Record<string, string>> = {
  sourceLanguage: 'The server does not know the spoken language. Use a tag such as "en" or "pt-BR".',
  targetLanguages: 'The server does not know one of the languages to translate into. Use tags such as "ca" or "pt-BR".',
};

/** Messages for reasons of reduced service. */
export const degradedTexts: Readonly<Record<string, string>> = {
  'rate-limited': 'There is a lot to translate: captions come more slowly.',
  'engine-down': 'No translator can be reached at the moment: captions will go on as soon as one can.',
  overloaded: 'The server is very busy: captions come late.',
  'over-budget': 'The budget is used up: nothing more is translated.',
};

const otherReason = 'Captions come more slowly at the moment.';

/** Messages for WebSocket close codes. */
export const closeTexts: Readonly<Record<string, string>> = {
  [closeCodes.ended]: 'The session has ended.',
  [closeCodes.invalidFrame]: 'The server did not understand this page. Reload it.',
  [closeCodes.invalidUtf8]: 'The server did not understand this page. Reload it.',
  [closeCodes.internalError]: 'Something went wrong on the server. Try again in a moment.',
  [closeCodes.goingAway]: 'The server is restarting. Start again in a moment.',
  [closeCodes.badFirstMessage]: 'The server did not understand this page. Reload it.',
  [closeCodes.badResumeToken]: 'This session can no longer be continued. Start a new one.',
  [closeCodes.overQuota]: 'Too many people are connected. Try again later.',
  [closeCodes.silentTooLong]: 'Closed after a long silence.',
  [closeCodes.takenOver]: 'This session goes on elsewhere.',
  [closeCodes.joinCodeChanged]: 'The speaker has changed the code. Ask for the new one.',
  [closeCodes.roomTaken]: 'The talk goes on in a new session.',
  [closeCodes.keyRevoked]: 'The access token is no longer valid. Ask for a new one.',
  [closeCodes.tooMuch]: 'Too much was sent.',
  [closeCodes.slowConsumer]: 'This connection is too slow.',
};

/** Messages for the HTTP status of a refused connection. */
const refusalTexts: Readonly<Record<string, string>> = {
  401: 'The code or the access token is not valid.',
  403: 'This server cannot be used from here.',
  404: 'The code or the access token is not valid.',
  425: 'The talk has not begun yet.',
  429: 'Too many people are connected, or too many wrong codes were tried. Try again in a minute.',
  503: 'The server cannot be used right now. Try again in a moment.',
};

/** What is told of an `error` or `translation.failed`: not the server's message, which is for developers. */
export interface ReportedError {
  readonly code: string;
  readonly param?: unknown;
  readonly message?: string;
}

export function textForError({ code, param }: ReportedError): string {
  const [field = ''] = typeof param === 'string' ? param.split('.') : [];
  const ofField = code === 'invalid-field' ? own(fieldTexts, field) : undefined;
  return ofField ?? own(errorTexts, code) ?? otherError;
}

/**
 * @param reasons the current ones
 * @returns empty if there are none
 */
export function textForDegraded(reasons: Iterable<string>): string {
  return [...reasons].map((reason) => own(degradedTexts, reason) ?? otherReason).join(' ');
}

/** Why a listener's or a speaker's session is given up, of any error of the client library. */
export function textForFailure(error: unknown): string {
  if (error instanceof ServerError) return textForError(error);
  if (error instanceof ConnectionRefusedError) return own(refusalTexts, String(error.status)) ?? unreachable;
  if (error instanceof ConnectionClosedError) return own(closeTexts, String(error.closeCode)) ?? otherClose;
  return error instanceof DeadlineError ? unreachable : otherError;
}

/** @param key any string, because it comes from the server */
function own(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
