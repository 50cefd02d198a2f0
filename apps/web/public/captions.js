// @ts-check
// What the page shows, as plain immutable state: a transcript or a message goes in, the next state comes out.

import { wordsForError } from './words.js';

/**
 * @typedef {'open' | 'final' | 'failed' | 'lost'} TranslationState
 * @typedef {{ concluded: string, tentative: string, revision: number, state: TranslationState, note: string }} Translation
 * @typedef {{ segmentId: number, revision: number, text: string, isFinal: boolean, translations: Readonly<Record<string, Translation>> }} Segment
 * @typedef {{ segments: readonly Segment[] }} Captions the segments by growing id
 * @typedef {{ segmentId: number, revision: number, text: string, isFinal: boolean }} Transcript
 * @typedef {{ type: string, segmentId?: number, targetLanguage?: string, revision?: number, concluded?: string, tentative?: string, text?: string, code?: string, flags?: readonly string[] }} Message
 */

/** How many segments stay on the page. */
export const segmentsKept = 200;

/** @type {Captions} */
export const noCaptions = { segments: [] };

/** @type {Translation} */
const nothingYet = { concluded: '', tentative: '', revision: -1, state: 'open', note: '' };

/**
 * What was said and is on its way to the server. Anything older than what is shown, or after the final, changes nothing.
 *
 * @param {Captions} captions
 * @param {Transcript} transcript
 * @param {readonly string[]} targetLanguages in which its translation is awaited
 * @returns {Captions}
 */
export function transcriptSent(captions, { segmentId, revision, text, isFinal }, targetLanguages) {
  const known = captions.segments.find((segment) => segment.segmentId === segmentId);
  if (known !== undefined && (known.isFinal || (!isFinal && revision <= known.revision))) return captions;
  const awaited = Object.fromEntries(targetLanguages.map((language) => [language, nothingYet]));
  const next = { segmentId, revision, text, isFinal, translations: { ...awaited, ...known?.translations } };
  const others = captions.segments.filter((segment) => segment !== known);
  const segments = [...others, next].sort((one, other) => one.segmentId - other.segmentId);
  return { segments: segments.slice(-segmentsKept) };
}

/**
 * A message of the server. A translation only ever moves forward: to a higher revision, then to its end, which is the last.
 *
 * @param {Captions} captions
 * @param {Message} message any message; those that are no translation change nothing
 * @returns {Captions}
 */
export function messageReceived(captions, message) {
  const { segmentId, targetLanguage } = message;
  const segment = captions.segments.find((candidate) => candidate.segmentId === segmentId);
  if (segment === undefined || targetLanguage === undefined) return captions;
  const next = nextTranslation(segment.translations[targetLanguage] ?? nothingYet, message);
  return next === undefined ? captions : replaced(captions, segment, { [targetLanguage]: next });
}

/**
 * The session is over: what is still open will not be translated any more.
 *
 * @param {Captions} captions
 * @returns {Captions}
 */
export function sessionOver(captions) {
  return captions.segments.reduce((state, segment) => {
    const open = Object.entries(segment.translations).filter(([, { state }]) => state === 'open');
    const lost = open.map(([language, translation]) => [
      language,
      { ...translation, state: 'lost', note: 'not finished' },
    ]);
    return lost.length === 0 ? state : replaced(state, segment, Object.fromEntries(lost));
  }, captions);
}

/**
 * @param {Translation} shown
 * @param {Message} received
 * @returns {Translation | undefined} undefined: nothing to change
 */
function nextTranslation(shown, received) {
  const { type, revision = -1, concluded = '', tentative = '', text = '', flags = [] } = received;
  if (shown.state === 'final' || shown.state === 'failed') return undefined;
  switch (type) {
    case 'translation.partial':
      return revision <= shown.revision ? undefined : { ...nothingYet, concluded, tentative, revision };
    case 'translation.final':
      return {
        ...nothingYet,
        concluded: text,
        revision: shown.revision,
        state: 'final',
        note: flags.includes('suspect') ? 'may be no translation' : '',
      };
    case 'translation.failed':
      return { ...shown, state: 'failed', note: wordsForError(received) };
    default:
      return undefined;
  }
}

/**
 * @param {Captions} captions
 * @param {Segment} segment
 * @param {Record<string, Translation>} translations
 * @returns {Captions}
 */
function replaced(captions, segment, translations) {
  const next = { ...segment, translations: { ...segment.translations, ...translations } };
  return { segments: captions.segments.map((other) => (other === segment ? next : other)) };
}

/**
 * @typedef {{ language: string, concluded: string, tentative: string, note: string }} Cell
 * @typedef {{ segmentId: number, cells: readonly Cell[] }} Row the source first, then the targets in their order
 *
 * @param {Captions} captions
 * @param {string} sourceLanguage
 * @param {readonly string[]} targetLanguages
 * @returns {Row[]} what is to be shown; a segment that ended empty is not
 */
export function rowsOf(captions, sourceLanguage, targetLanguages) {
  const visible = captions.segments.filter(({ text, isFinal }) => text !== '' || !isFinal);
  return visible.map(({ segmentId, text, isFinal, translations }) => {
    const source = {
      language: sourceLanguage,
      concluded: isFinal ? text : '',
      tentative: isFinal ? '' : text,
      note: '',
    };
    const cells = targetLanguages.map((language) => {
      const { concluded, tentative, note } = translations[language] ?? nothingYet;
      return { language, concluded, tentative, note };
    });
    return { segmentId, cells: [source, ...cells] };
  });
}
