import type { ErrorCode } from '@parley/protocol';
import { captionLanguage, isCorrection, type CaptionMessage } from './caption-message.ts';

/** One segment in one language, as it is to be shown. Immutable. */
export interface CaptionLine {
  readonly segmentId: number;
  readonly language: string;
  /**
   * `open`: more follows. `settled`: the final text, all of it `concluded`. `failed`: there is no translation; what
   * was concluded before stays.
   */
  readonly state: 'open' | 'settled' | 'failed';
  /** Text that does not change any more. Show it followed by `tentative`, both as they are. */
  readonly concluded: string;
  /** Text that may still change. */
  readonly tentative: string;
  /** Whether this may not be a translation. Show it, but mark it. */
  readonly isSuspect: boolean;
  /** Whether this is what was said, and no translation of it. */
  readonly isSource: boolean;
  /** The revision of an open line. */
  readonly revision: number;
  /** Why the line failed. */
  readonly failure?: ErrorCode;
  /** The offset of the newest correction of a settled line; missing if it was not corrected. */
  readonly correctedAt?: number;
  readonly speaker?: string;
  readonly startMs?: number;
  readonly endMs?: number;
}

/** The line after a message, the same object if the message is outdated. Pure. */
export function lineAfter(before: CaptionLine | undefined, message: CaptionMessage): CaptionLine {
  const isResolved = before !== undefined && before.state !== 'open';
  if (isResolved && !isCorrection(message)) return before;
  const { segmentId } = message;
  const language = captionLanguage(message);
  const revision = before?.revision ?? -1;
  const common = { segmentId, language, revision };
  switch (message.type) {
    case 'transcript.partial':
    case 'translation.partial': {
      if (before !== undefined && message.revision <= before.revision) return before;
      const text = message.type === 'transcript.partial' ? { concluded: '', tentative: message.text } : message;
      const { concluded, tentative } = text;
      return { ...common, ...described(message), state: 'open', concluded, tentative, revision: message.revision };
    }
    case 'transcript.final':
    case 'translation.final':
      return { ...common, ...described(message), state: 'settled', concluded: message.text, tentative: '' };
    case 'transcript.corrected':
    case 'translation.corrected': {
      const { text, offset } = message;
      if (before?.correctedAt !== undefined && offset <= before.correctedAt) return before;
      return {
        ...common,
        ...described(message),
        state: 'settled',
        concluded: text,
        tentative: '',
        correctedAt: offset,
      };
    }
    case 'translation.failed': {
      const failed = { state: 'failed', tentative: '', failure: message.code } as const;
      return { concluded: '', isSuspect: false, isSource: false, ...before, ...common, ...failed };
    }
  }
}

type Described = Pick<CaptionLine, 'isSuspect' | 'isSource' | 'speaker' | 'startMs' | 'endMs'>;

function described(message: Exclude<CaptionMessage, { type: 'translation.failed' }>): Described {
  const flags = 'flags' in message ? (message.flags ?? []) : [];
  const { speaker, startMs, endMs } = message;
  return {
    isSuspect: flags.includes('suspect'),
    isSource: !('targetLanguage' in message) || flags.includes('source'),
    ...(speaker === undefined ? {} : { speaker }),
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
  };
}
