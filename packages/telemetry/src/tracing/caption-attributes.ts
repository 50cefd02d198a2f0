/**
 * What spans tell of a caption. A closed list: what is said must never be among it. The languages, lengths and identifiers are those
 * that logs may contain as well.
 */
export interface CaptionAttributes {
  readonly 'parley.session.id'?: string;
  readonly 'parley.segment.id'?: number;
  /** Only partials have revisions. */
  readonly 'parley.revision'?: number;
  readonly 'parley.tenant'?: string;
  readonly 'parley.kind'?: 'partial' | 'final';
  readonly 'parley.language.source'?: string;
  readonly 'parley.language.target'?: string;
  /** Of the text to be translated, in UTF-16 code units. */
  readonly 'parley.text.length'?: number;
  /** How it ended. */
  readonly 'parley.outcome'?: string;
  /** Calls that were made for it, retries included; 0 if it needed none. */
  readonly 'parley.attempts'?: number;
  /** The type of the message to the client. */
  readonly 'parley.message.type'?: string;
}
