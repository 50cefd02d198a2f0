// @ts-check
// The captions as immutable state; pure functions map a transcript or message to the next state.

import { wordsForError } from './words.js';

/**
 * @typedef {'open' | 'final' | 'failed' | 'lost'} TranslationState
 * @typedef {{ concluded: string, tentative: string, revision: number, state: TranslationState, note: string }} Translation
 * @typedef {{ segmentId: number, revision: number, text: string, isFinal: boolean, translations: Readonly<Record<string, Translation>> }} Segment
 * @typedef {{ segments: readonly Segment[] }} Captions the segments by ascending ID
 * @typedef {{ segmentId: number, revision: number, text: string, isFinal: boolean }} Transcript
 * @typedef {{ type: string, segmentId?: number, targetLanguage?: string, revision?: number, concluded?: string, tentative?: string, text?: string, code?: string, flags?: readonly string[] }} Message
 */

/** Maximum number of segments on the page. */
export const maxSegments = 200;

/** @type {Captions} */
export const noCaptions = { segments: [] };

/** @type {Translation} */
const noTranslation = { concluded: '', tentative: '', revision: -1, state: 'open', note: '' };

/**
 * Adds a transcript that was sent to the server. Transcripts older than the current one, or after the final, are ignored.
 *
 * @param {Captions} captions
 * @param {Transcript} transcript
 * @param {readonly string[]} targetLanguages of the expected translations
 * @returns {Captions}
 */
export function addTranscript(captions, { segmentId, revision, text, isFinal }, targetLanguages) {
  const known = captions.segments.find((segment) => segment.segmentId === segmentId);
  if (known !== undefined && (known.isFinal || (!isFinal && revision <= known.revision))) return captions;
  const expected = Object.fromEntries(targetLanguages.map((language) => [language, noTranslation]));
  const next = { segmentId, revision, text, isFinal, translations: { ...expected, ...known?.translations } };
  const others = captions.segments.filter((segment) => segment !== known);
  const segments = [...others, next].sort((one, other) => one.segmentId - other.segmentId);
  return { segments: segments.slice(-maxSegments) };
}

/**
 * Applies a server message. A translation only moves to a higher revision and then to its final or failure.
 *
 * @param {Captions} captions
 * @param {Message} message any message; only translations have an effect
 * @returns {Captions}
 */
export function applyMessage(captions, message) {
  const { segmentId, targetLanguage } = message;
  const segment = captions.segments.find((candidate) => candidate.segmentId === segmentId);
  if (segment === undefined || targetLanguage === undefined) return captions;
  const next = nextTranslation(segment.translations[targetLanguage] ?? noTranslation, message);
  return next === undefined ? captions : withTranslations(captions, segment, { [targetLanguage]: next });
}

/**
 * Ends the session: open translations will not be finished.
 *
 * @param {Captions} captions
 * @returns {Captions}
 */
export function endSession(captions) {
  return captions.segments.reduce((state, segment) => {
    const open = Object.entries(segment.translations).filter(([, { state }]) => state === 'open');
    const lost = open.map(([language, translation]) => [
      language,
      { ...translation, state: 'lost', note: 'not finished' },
    ]);
    return lost.length === 0 ? state : withTranslations(state, segment, Object.fromEntries(lost));
  }, captions);
}

/**
 * @param {Translation} shown
 * @param {Message} received
 * @returns {Translation | undefined} undefined if nothing changes
 */
function nextTranslation(shown, received) {
  const { type, revision = -1, concluded = '', tentative = '', text = '', flags = [] } = received;
  if (shown.state === 'final' || shown.state === 'failed') return undefined;
  switch (type) {
    case 'translation.partial':
      return revision <= shown.revision ? undefined : { ...noTranslation, concluded, tentative, revision };
    case 'translation.final':
      return {
        ...noTranslation,
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
function withTranslations(captions, segment, translations) {
  const next = { ...segment, translations: { ...segment.translations, ...translations } };
  return { segments: captions.segments.map((other) => (other === segment ? next : other)) };
}

/**
 * @typedef {{ language: string, concluded: string, tentative: string, note: string }} Cell
 * @typedef {{ segmentId: number, cells: readonly Cell[] }} Row the source, then the targets in order
 *
 * @param {Captions} captions
 * @param {string} sourceLanguage
 * @param {readonly string[]} targetLanguages
 * @returns {Row[]} the rows to display, without segments whose final is empty
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
      const { concluded, tentative, note } = translations[language] ?? noTranslation;
      return { language, concluded, tentative, note };
    });
    return { segmentId, cells: [source, ...cells] };
  });
}
