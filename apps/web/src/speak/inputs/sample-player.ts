/// <reference lib="dom" />
import type { OpenSegment } from '../talk/segments.ts';
import { playTalk, talkEntries, type Sentence } from './sample-talk.ts';

interface SampleTalk {
  readonly language: string;
  readonly sentences: readonly Sentence[];
}

export interface SamplePlayerOptions {
  readonly select: HTMLSelectElement;
  readonly button: HTMLButtonElement;
  /** @param language the language of the talk */
  readonly openSegment: (language: string) => OpenSegment;
  readonly onProblem: (words: string) => void;
}

const folder = '/samples';
const notLoadedText = 'The sample talk could not be loaded. Try again in a moment.';

/** Plays and stops the selected sample talk. */
export class SamplePlayer {
  readonly #options: SamplePlayerOptions;
  #playing: AbortController | undefined;

  constructor(options: SamplePlayerOptions) {
    this.#options = options;
    options.button.addEventListener('click', () => {
      if (this.#playing === undefined) void this.#play();
      else this.stop();
    });
    load<readonly { name: string; title: string }[]>('index').then(
      (talks) => options.select.append(...talks.map(({ name, title }) => new Option(title, name))),
      () => options.onProblem(notLoadedText),
    );
  }

  /** Stops; the sentence that is being played ends where it is. */
  stop(): void {
    this.#playing?.abort(new Error('stopped'));
  }

  async #play(): Promise<void> {
    const { select, button, openSegment, onProblem } = this.#options;
    const { signal } = (this.#playing = new AbortController());
    button.textContent = 'Stop sample';
    let open: { readonly segment: OpenSegment; readonly sentence: number; readonly text: string } | undefined;
    // At once, because the page may be going.
    signal.addEventListener('abort', () => open?.segment.final(open.text), { once: true });
    try {
      const { language, sentences } = await load<SampleTalk>(select.value);
      await playTalk(talkEntries(sentences), {
        signal,
        onEntry: ({ sentence, isFinal, text }) => {
          const segment = open?.sentence === sentence ? open.segment : openSegment(language);
          open = isFinal ? undefined : { segment, sentence, text };
          if (isFinal) segment.final(text);
          else segment.partial(text);
        },
      });
    } catch {
      if (!signal.aborted) onProblem(notLoadedText);
    } finally {
      this.#playing = undefined;
      button.textContent = 'Play sample';
    }
  }
}

/** @returns the content of one of the page's own JSON files */
async function load<Content>(name: string): Promise<Content> {
  const response = await fetch(`${folder}/${name}.json`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Content;
}
