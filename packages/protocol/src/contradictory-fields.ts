import type { ClientMessage, TranscriptFinal, TranscriptPartial } from './client-message.ts';
import type { IgnoredField } from './optional-fields.ts';

/** Leaves out optional fields that contradict others of the same message. */
export function dropContradictoryFields(message: ClientMessage): { message: ClientMessage; ignored: IgnoredField[] } {
  if (message.type !== 'transcript.partial' && message.type !== 'transcript.final') return { message, ignored: [] };
  const ignored: IgnoredField[] = [];
  if (endsBeforeItBegins(message)) ignored.push(ignoredField('endMs', 'is before startMs'));
  if (message.type === 'transcript.partial' && contradictsStable(message)) {
    ignored.push(ignoredField('stable', 'is not the beginning of text'));
  }
  if (ignored.length === 0) return { message, ignored };
  const agreeing = { ...message };
  for (const { field } of ignored) Reflect.deleteProperty(agreeing, field);
  return { message: agreeing, ignored };
}

function ignoredField(field: string, what: string): IgnoredField {
  return { field, param: field, message: `${field}: ${what}; it was left out` };
}

function endsBeforeItBegins({ startMs, endMs }: TranscriptPartial | TranscriptFinal): boolean {
  return startMs !== undefined && endMs !== undefined && endMs < startMs;
}

/** Case, white space and what ends a word may still change. */
function contradictsStable({ text, stable }: TranscriptPartial): boolean {
  return stable !== undefined && !words(text).startsWith(words(stable));
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();
}
