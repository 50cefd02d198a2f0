import type {
  ServerMessage,
  SourceCorrected,
  SourceFinal,
  SourcePartial,
  TranslationCorrected,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';

/** A message that changes what a reader sees. */
export type CaptionMessage =
  | SourcePartial
  | SourceFinal
  | SourceCorrected
  | TranslationPartial
  | TranslationFinal
  | TranslationFailed
  | TranslationCorrected;

const captionTypes: ReadonlySet<string> = new Set<CaptionMessage['type']>([
  'transcript.partial',
  'transcript.final',
  'translation.partial',
  'translation.final',
  'translation.failed',
  'transcript.corrected',
  'translation.corrected',
]);

export function isCaption(message: ServerMessage): message is CaptionMessage {
  return captionTypes.has(message.type);
}

/** Whether a message corrects a line that is settled already. */
export function isCorrection(message: CaptionMessage): message is SourceCorrected | TranslationCorrected {
  return message.type === 'transcript.corrected' || message.type === 'translation.corrected';
}

/** The language that the reader of this caption reads. */
export function captionLanguage(message: CaptionMessage): string {
  return 'targetLanguage' in message ? message.targetLanguage : message.language;
}
