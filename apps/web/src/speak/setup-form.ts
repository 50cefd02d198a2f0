/// <reference lib="dom" />
import { byId } from '../page/elements.ts';
import { sleep } from '../page/sleep.ts';
import { isListenOnly, readToken, rememberAccessToken, takeAccessToken } from './access-token.ts';
import { fetchLanguages, LanguagesRefusedError, type OfferedLanguages } from './languages/offered-languages.ts';
import { SourcePicker } from './languages/source-picker.ts';
import { TargetPicker } from './languages/target-picker.ts';
import { clearProblem, showNotice, showProblem } from './notices.ts';
import { rememberChoices, rememberedChoices, type Choices } from './remembered-choices.ts';
import { roomName } from './room-name.ts';

const retryMs = 3000;
const superseded = new Error('the languages are loaded anew');

export const tokenRefusedText = 'This access token is not valid, or has expired.';

export interface SetupFormOptions {
  readonly onStart: (choices: Choices) => void;
  /** The targets were changed while a talk is running. */
  readonly onTargets: (languages: readonly string[]) => void;
  /** Whether there is a talk, for which no access token is needed any more. */
  readonly isTalking: () => boolean;
  /** Another access token was given. */
  readonly onToken: () => void;
}

/** What is needed before a talk: access to the server, and the choice of languages among those that it offers. */
export class SetupForm {
  readonly #options: SetupFormOptions;
  readonly #access = byId('access', HTMLFormElement);
  readonly #form = byId('start-form', HTMLFormElement);
  readonly #source: SourcePicker;
  readonly #targets: TargetPicker;
  #token = takeAccessToken();
  #offered: OfferedLanguages | undefined;
  #loading = new AbortController();
  /** The spoken language of the running talk, which can't be changed. */
  #fixedSource: string | undefined;

  constructor(options: SetupFormOptions) {
    this.#options = options;
    this.#source = new SourcePicker({
      select: byId('source', HTMLSelectElement),
      other: byId('other-source', HTMLInputElement),
      onChange: () => this.#offerTargets(this.#targets.chosen),
    });
    this.#targets = new TargetPicker({
      search: byId('target-search', HTMLInputElement),
      list: byId('target-list', HTMLElement),
      count: byId('target-count', HTMLElement),
      onChange: (languages) => options.onTargets(languages),
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#access.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#takeToken();
    });
  }

  /** The access token, if there is one. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Shows these languages as chosen. */
  chooseTargets(languages: readonly string[]): void {
    this.#targets.choose(languages);
  }

  /** Offers the targets of a running talk; without one, those of the chosen language. */
  follow(talk: { readonly sourceLanguage: string; readonly targetLanguages: readonly string[] } | undefined): void {
    this.#fixedSource = talk?.sourceLanguage;
    this.#offerTargets(talk?.targetLanguages ?? this.#targets.chosen);
  }

  askForToken(): void {
    this.#form.hidden = true;
    this.#access.hidden = false;
  }

  /**
   * Shows the form with what the engine offers; tries again until the server answers, or the next call.
   *
   * @param targets the chosen languages, if they are not the remembered ones
   */
  async load(targets?: readonly string[]): Promise<void> {
    this.#loading.abort(superseded);
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    if (this.#token !== undefined && isListenOnly(this.#token)) {
      byId('listen-only', HTMLElement).hidden = false;
      return;
    }
    try {
      this.#offered = await this.#fetchLanguages(signal);
    } catch (error) {
      if (!signal.aborted) this.#handleRefusal(error);
      return;
    }
    showNotice('');
    this.#access.hidden = true;
    this.#form.hidden = false;
    const { sourceLanguage, targetLanguages, room } = rememberedChoices();
    this.#source.offer(this.#offered, sourceLanguage);
    this.#offerTargets(targets ?? targetLanguages);
    byId('room', HTMLInputElement).value = room;
    byId('room-details', HTMLDetailsElement).open = room !== '';
  }

  /** @throws LanguagesRefusedError if the server refuses to tell, or the signal's reason */
  async #fetchLanguages(signal: AbortSignal): Promise<OfferedLanguages> {
    for (;;) {
      try {
        return await fetchLanguages(this.#token, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof LanguagesRefusedError && isRefusal(error.status)) throw error;
      }
      showNotice('The server cannot be reached at the moment. This page keeps trying.');
      await sleep(retryMs, signal);
    }
  }

  #handleRefusal(error: unknown): void {
    const status = error instanceof LanguagesRefusedError ? error.status : undefined;
    if (status === 401) {
      // A talk that has begun goes on without it.
      if (this.#options.isTalking()) return;
      if (this.#token !== undefined) showProblem(tokenRefusedText);
      this.askForToken();
    } else if (status === 403) {
      showProblem('This server cannot be used from here.');
    }
  }

  #offerTargets(chosen: readonly string[]): void {
    const source = this.#fixedSource ?? this.#source.chosen;
    if (this.#offered !== undefined && source !== undefined) this.#targets.offer(this.#offered, source, chosen);
  }

  #submit(): void {
    clearProblem();
    const sourceLanguage = this.#source.chosen;
    const targetLanguages = this.#targets.chosen;
    const typedRoom = byId('room', HTMLInputElement).value;
    const room = roomName(typedRoom);
    if (sourceLanguage === undefined) {
      showProblem('The spoken language must be a tag such as "en" or "pt-BR".');
    } else if (targetLanguages.length === 0) {
      showProblem('Choose at least one language to translate into.');
    } else if (room === '' && typedRoom.trim() !== '') {
      showProblem('The name of the standing link needs a letter from a to z or a digit, as in "sunday-service".');
    } else {
      const choices = { sourceLanguage, targetLanguages, room };
      rememberChoices(choices);
      this.#options.onStart(choices);
    }
  }

  #takeToken(): void {
    const field = byId('token', HTMLInputElement);
    const token = readToken(field.value);
    if (token === undefined) {
      showProblem('This is not an access token.');
      return;
    }
    if (isListenOnly(token)) {
      showProblem('This access token is for listening only. Ask for one to speak.');
      return;
    }
    clearProblem();
    this.#token = token;
    rememberAccessToken(token);
    field.value = '';
    this.#access.hidden = true;
    this.#options.onToken();
  }
}

/** Whether asking again with the same token would not help. */
function isRefusal(status: number | undefined): boolean {
  return status === 401 || status === 403;
}
