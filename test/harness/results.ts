import type { ServerMessage, TranslationFailed, TranslationFinal, TranslationPartial } from '@parley/protocol';

type Fits = (message: ServerMessage) => boolean;

/** Matches partials of a segment, in any revision and language unless given. */
export const partialOf =
  (segmentId: number, where: { revision?: number; targetLanguage?: string } = {}): Fits =>
  (message) =>
    message.type === 'translation.partial' &&
    message.segmentId === segmentId &&
    message.revision === (where.revision ?? message.revision) &&
    message.targetLanguage === (where.targetLanguage ?? message.targetLanguage);

/** Matches the final or failure of a segment, in any language unless given. */
export const resultOf =
  (segmentId: number, targetLanguage?: string): Fits =>
  (message) =>
    isResult(message) &&
    message.segmentId === segmentId &&
    message.targetLanguage === (targetLanguage ?? message.targetLanguage);

export function partialsIn(messages: readonly ServerMessage[]): TranslationPartial[] {
  return messages.filter((message) => message.type === 'translation.partial');
}

/** Returns finals and failures in the order of arrival. */
export function resultsIn(messages: readonly ServerMessage[]): (TranslationFinal | TranslationFailed)[] {
  return messages.filter(isResult);
}

function isResult(message: ServerMessage): message is TranslationFinal | TranslationFailed {
  return message.type === 'translation.final' || message.type === 'translation.failed';
}
