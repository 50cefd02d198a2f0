import type {
  ServerMessage,
  SourceFinal,
  SourcePartial,
  TranslationFailed,
  TranslationFinal,
  TranslationPartial,
} from '@parley/protocol';

/** A message that changes what a reader sees. */
export type CaptionMessage = SourcePartial | SourceFinal | TranslationPartial | TranslationFinal | TranslationFailed;

const captionTypes: ReadonlySet<string> = new Set<CaptionMessage['type']>([
  'transcript.partial',
  'transcript.final',
  'translation.partial',
  'translation.final',
  'translation.failed',
]);

export function isCaption(message: ServerMessage): message is CaptionMessage {
  return captionTypes.has(message.type);
}

/** The language that the reader of this caption reads. */
export function captionLanguage(message: CaptionMessage): string {
  return 'targetLanguage' in message ? message.targetLanguage : message.language;
}
