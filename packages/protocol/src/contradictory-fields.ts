import type { ClientMessage, TranscriptFinal, TranscriptPartial } from './client-message.ts';
import type { IgnoredField } from './optional-fields.ts';

/** How much longer than the text `stable` may be, because it may contain other white space and punctuation. */
const maxExcessChars = 200;

/** Removes optional fields that contradict other fields of the same message. */
export function dropContradictoryFields(message: ClientMessage): { message: ClientMessage; ignored: IgnoredField[] } {
  if (message.type !== 'transcript.partial' && message.type !== 'transcript.final') return { message, ignored: [] };
  const ignored: IgnoredField[] = [];
  if (endsBeforeItBegins(message)) ignored.push(ignoredField('endMs', 'is before startMs'));
  if (message.type === 'transcript.partial' && contradictsStable(message)) {
    ignored.push(ignoredField('stable', 'is not the beginning of text'));
  }
  if (ignored.length === 0) return { message, ignored };
  const consistent = { ...message };
  for (const { field } of ignored) Reflect.deleteProperty(consistent, field);
  return { message: consistent, ignored };
}

function ignoredField(field: string, problem: string): IgnoredField {
  return { field, param: field, message: `${field}: ${problem}; the field was ignored` };
}

function endsBeforeItBegins({ startMs, endMs }: TranscriptPartial | TranscriptFinal): boolean {
  return startMs !== undefined && endMs !== undefined && endMs < startMs;
}

/** Case, white space and punctuation at word ends may still change. */
function contradictsStable({ text, stable }: TranscriptPartial): boolean {
  if (stable === undefined) return false;
  return stable.length > text.length + maxExcessChars || !words(text).startsWith(words(stable));
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();
}
