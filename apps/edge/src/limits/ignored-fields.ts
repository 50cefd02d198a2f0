import { ignoredNotice, type ClientMessage, type IgnoredField, type Notice } from '@parley/protocol';

/**
 * What one connection is told of the optional fields that could not be read. A recogniser that sends a strange speaker sends
 * it with every transcript, so of transcripts each field is told once; what a session was asked for and doesn't get, always.
 */
export class IgnoredFields {
  readonly #told = new Set<string>();

  toTell({ type, id }: ClientMessage, ignored: readonly IgnoredField[]): Notice[] {
    const isTranscript = type === 'transcript.partial' || type === 'transcript.final';
    const untold = ignored.filter(({ field }) => !isTranscript || !this.#told.has(field));
    if (isTranscript) for (const { field } of untold) this.#told.add(field);
    return untold.map((field) => ignoredNotice(field, id));
  }
}
