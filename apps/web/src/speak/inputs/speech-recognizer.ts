/// <reference lib="dom" />

/** One event of results; those from `resultIndex` on are new or have changed. */
export interface RecognizerResults {
  readonly resultIndex: number;
  readonly results: ArrayLike<{ readonly isFinal: boolean; readonly 0?: { readonly transcript: string } }>;
}

/** The part of the Web Speech API's `SpeechRecognition` that is used; TypeScript's DOM library doesn't have it. */
export interface Recognizer {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: RecognizerResults) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

/** The browser's class of recognizers; `undefined` if it has none. */
export function recognizerClass(scope: object): (new () => Recognizer) | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = scope as Record<string, (new () => Recognizer) | undefined>;
  return SpeechRecognition ?? webkitSpeechRecognition;
}
