/// <reference lib="dom" />
import { byId } from '../page/elements.ts';
import { SpeechInput } from './inputs/speech-input.ts';
import { recognizerClass } from './inputs/speech-recognizer.ts';
import { insecurePageText, noRecognizerText, textForSpeechError } from './inputs/speech-texts.ts';
import { detectedLanguage } from './languages/language-tag.ts';
import type { OpenSegment } from './talk/segments.ts';

export interface MicrophoneOptions {
  readonly openSegment: () => OpenSegment;
  readonly language: () => string;
  readonly onProblem: (words: string) => void;
}

/** The microphone's button. Where the browser can't recognize speech, words say so instead. */
export class Microphone {
  readonly #button = byId('microphone', HTMLButtonElement);
  readonly #options: MicrophoneOptions;
  readonly #speech: SpeechInput | undefined;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
    const RecognizerClass = recognizerClass(window);
    if (RecognizerClass === undefined || !window.isSecureContext) {
      this.#button.hidden = true;
      const words = byId('no-microphone', HTMLElement);
      words.hidden = false;
      words.textContent = window.isSecureContext ? noRecognizerText : insecurePageText;
      return;
    }
    this.#speech = new SpeechInput({
      createRecognizer: () => new RecognizerClass(),
      openSegment: options.openSegment,
      isContinuous: !navigator.userAgent.includes('Android'),
      onChange: (isListening, error) => {
        this.#button.setAttribute('aria-pressed', String(isListening));
        this.#button.textContent = isListening ? 'Microphone on' : 'Use the microphone';
        if (error !== undefined) options.onProblem(textForSpeechError(error));
      },
    });
    this.#button.addEventListener('click', () => {
      if (this.isOn) this.#speech?.stop();
      else this.start();
    });
  }

  get isOn(): boolean {
    return this.#speech?.isListening === true;
  }

  start(): void {
    const language = this.#options.language();
    this.#speech?.start(language === detectedLanguage ? '' : language);
  }

  /** Stops at once; what was heard so far is sent. */
  flush(): void {
    this.#speech?.flush();
  }
}
