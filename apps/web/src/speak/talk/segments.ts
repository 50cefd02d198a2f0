export interface Transcript {
  readonly segmentId: number;
  readonly text: string;
  /** The language if it is not the session's own. */
  readonly language: string | undefined;
}

/** Where the numbered transcripts go. */
export interface TranscriptSink {
  readonly partial: (transcript: Transcript & { readonly revision: number }) => void;
  readonly final: (transcript: Transcript) => void;
}

/** One utterance that is being spoken or typed. */
export interface OpenSegment {
  readonly segmentId: number;
  partial(text: string): void;
  /** Ends the segment; an empty text removes what was shown of it. */
  final(text: string): void;
}

/** Numbers transcripts: ascending segment IDs, and revisions within a segment. */
export class Segments {
  readonly #sink: TranscriptSink;
  #nextId: number;

  /** @param nextId the ID of the next segment, above all that the session has used */
  constructor(sink: TranscriptSink, nextId = 1) {
    this.#sink = sink;
    this.#nextId = nextId;
  }

  get nextId(): number {
    return this.#nextId;
  }

  open(language?: string): OpenSegment {
    const segmentId = this.#nextId;
    this.#nextId += 1;
    let revision = 0;
    let newest = '';
    let isFinished = false;
    return {
      segmentId,
      partial: (text) => {
        if (isFinished || text === newest) return;
        newest = text;
        revision += 1;
        this.#sink.partial({ segmentId, revision, text, language });
      },
      final: (text) => {
        if (isFinished) return;
        isFinished = true;
        this.#sink.final({ segmentId, text, language });
      },
    };
  }
}
