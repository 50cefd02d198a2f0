import { closeCodes, ConnectionClosedError, ConnectionRefusedError, ServerError } from '@parley/client';
import { textForError, textForFailure } from '../page/reader-texts.ts';

const goneStatuses: ReadonlySet<number | undefined> = new Set([401, 404]);
const goneCodes: ReadonlySet<string> = new Set(['join-code-unknown', 'session-unknown', 'session-not-started']);

/** Whether the server says by this that the talk has ended. */
export function hasEnded(error: unknown): boolean {
  return error instanceof ConnectionClosedError && error.closeCode === closeCodes.ended;
}

/** Whether the code leads nowhere. A reader who was away when a talk ended learns it by that. */
export function isGone(error: unknown): boolean {
  if (hasEnded(error)) return true;
  if (error instanceof ConnectionRefusedError) return goneStatuses.has(error.status);
  return error instanceof ServerError && goneCodes.has(error.code);
}

/** Why listening is given up. A listener has not typed the tag of a language, which may come from a link. */
export function textForListener(error: unknown): string {
  const isLanguage = error instanceof ServerError && error.code === 'invalid-field' && isTarget(error.param);
  return isLanguage ? textForError({ code: 'language-not-offered' }) : textForFailure(error);
}

function isTarget(param: string | undefined): boolean {
  return param?.split('.', 1)[0] === 'targetLanguages';
}
