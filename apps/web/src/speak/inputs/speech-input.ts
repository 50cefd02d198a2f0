import type { OpenSegment } from '../talk/segments.ts';
import type { Recognizer, RecognizerResults } from './speech-recognizer.ts';

export interface SpeechInputOptions {
  readonly createRecognizer: () => Recognizer;
  readonly openSegment: () => OpenSegment;
  /** Called when listening begins and ends; with the error that ended it, if one did. */
  readonly onChange: (isListening: boolean, error?: string) => void;
  /** Whether a recognizer can listen on after a final. That of Android repeats itself then. */
  readonly isContinuous: boolean;
  readonly wait?: (run: () => void, ms: number) => () => void;
}

/** After these, listening again would only fail again. */
const lastingErrors: ReadonlySet<string> = new Set([
  'not-allowed',
  'service-not-allowed',
  'audio-capture',
  'language-not-supported',
]);
/** How often in a row a recognizer may fail for another reason. */
const maxFailures = 5;
const firstWaitMs = 250;

/**
 * Turns speech into transcripts. A recognizer ends by itself after a silence or a minute or so; the next one is started
 * until the user stops.
 */
export class SpeechInput {
  readonly #options: SpeechInputOptions;
  #language: string | undefined;
  #recognizer: Recognizer | undefined;
  #segment: OpenSegment | undefined;
  #interim = '';
  #failures = 0;
  #error: string | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(options: SpeechInputOptions) {
    this.#options = options;
  }

  get isListening(): boolean {
    return this.#language !== undefined;
  }

  /** @param language the tag of the spoken language; empty lets the browser choose */
  start(language: string): void {
    if (this.isListening) return;
    // The last recognizer may not have ended yet.
    this.flush();
    this.#language = language;
    this.#failures = 0;
    this.#error = undefined;
    this.#options.onChange(true);
    this.#listen();
  }

  /** Stops listening. What the recognizer makes of the last words still arrives. */
  stop(): void {
    if (!this.isListening) return;
    this.#finish();
    this.#recognizer?.stop();
  }

  /** Stops at once; what was heard so far becomes the final. */
  flush(): void {
    if (this.isListening) this.#finish();
    const recognizer = this.#recognizer;
    this.#recognizer = undefined;
    this.#closeSegment();
    recognizer?.abort();
  }

  #listen(): void {
    const recognizer = this.#options.createRecognizer();
    this.#recognizer = recognizer;
    recognizer.lang = this.#language ?? '';
    recognizer.continuous = this.#options.isContinuous;
    recognizer.interimResults = true;
    recognizer.onresult = (event) => {
      if (this.#recognizer === recognizer) this.#handleResults(event);
    };
    recognizer.onerror = ({ error }) => {
      if (this.#recognizer === recognizer) this.#error = error;
    };
    recognizer.onend = () => {
      if (this.#recognizer === recognizer) this.#handleEnd();
    };
    try {
      recognizer.start();
    } catch {
      this.#error = 'service-not-allowed';
      this.#handleEnd();
    }
  }

  #handleResults({ resultIndex, results }: RecognizerResults): void {
    this.#failures = 0;
    this.#error = undefined;
    this.#interim = '';
    for (const result of Array.from(results).slice(resultIndex)) {
      const text = result[0]?.transcript.trim() ?? '';
      if (result.isFinal) {
        this.#interim = text;
        this.#closeSegment();
      } else {
        this.#interim = `${this.#interim} ${text}`.trim();
      }
    }
    if (this.#interim === '') return;
    this.#segment ??= this.#options.openSegment();
    this.#segment.partial(this.#interim);
  }

  #handleEnd(): void {
    this.#recognizer = undefined;
    this.#closeSegment();
    if (!this.isListening) return;
    const error = this.#error;
    this.#error = undefined;
    // A silence is no failure, and neither is an end without an error.
    if (error !== undefined && error !== 'no-speech' && error !== 'aborted') this.#failures += 1;
    if (error !== undefined && (lastingErrors.has(error) || this.#failures >= maxFailures)) {
      this.#finish(error);
      return;
    }
    const waitMs = firstWaitMs * 2 ** this.#failures;
    this.#cancelWait = (this.#options.wait ?? waitForTimer)(() => this.#listen(), waitMs);
  }

  #finish(error?: string): void {
    this.#language = undefined;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#options.onChange(false, error);
  }

  /** Words that were heard but never became final would be lost. */
  #closeSegment(): void {
    if (this.#segment !== undefined || this.#interim !== '') {
      (this.#segment ?? this.#options.openSegment()).final(this.#interim);
    }
    this.#segment = undefined;
    this.#interim = '';
  }
}

function waitForTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
