import { ignoredNotice, type ClientMessage, type IgnoredField, type Notice } from '@parley/protocol';

/**
 * Notices about the ignored fields of one connection. A recognizer repeats an invalid field in every transcript, so
 * each transcript field is reported once; ignored session options are always reported.
 */
export class IgnoredFields {
  readonly #reported = new Set<string>();

  noticesFor({ type, id }: ClientMessage, ignored: readonly IgnoredField[]): Notice[] {
    const isTranscript = type === 'transcript.partial' || type === 'transcript.final';
    const unreported = ignored.filter(({ field }) => !isTranscript || !this.#reported.has(field));
    if (isTranscript) for (const { field } of unreported) this.#reported.add(field);
    return unreported.map((field) => ignoredNotice(field, id));
  }
}
