/// <reference lib="dom" />
import type { JoinCodeChange } from '@parley/client';
import { renderSVG } from 'uqr';
import { byId } from '../../page/elements.ts';
import { ownLanguageName } from '../../page/language-names.ts';
import { delayText } from '../talk/caption-delay.ts';
import type { TalkState } from '../talk/talk-state.ts';
import { audienceText, isLoopbackHost } from './audience-text.ts';

export interface AudiencePanelOptions {
  /** The origin of links for the audience. */
  readonly origin: string;
  readonly onJoinCodeChange: (change: JoinCodeChange) => void;
}

const copiedShownMs = 2000;

/** The link and the QR code for listeners, who listens, and how late captions are. */
export class AudiencePanel {
  readonly #link = byId('link', HTMLTextAreaElement);
  readonly #door = byId('door', HTMLButtonElement);
  readonly #newCode = byId('new-code', HTMLButtonElement);
  readonly #origin: string;
  #isClosed = false;

  constructor({ origin, onJoinCodeChange }: AudiencePanelOptions) {
    this.#origin = origin;
    const copy = byId('copy', HTMLButtonElement);
    copy.addEventListener('click', () => {
      void this.#copy().then((isCopied) => {
        copy.textContent = isCopied ? 'Copied' : 'Press Ctrl+C';
        setTimeout(() => (copy.textContent = 'Copy'), copiedShownMs);
      });
    });
    this.#link.addEventListener('focus', () => this.#link.select());
    this.#door.addEventListener('click', () => onJoinCodeChange(this.#isClosed ? 'open' : 'close'));
    this.#newCode.addEventListener('click', () => onJoinCodeChange('change'));
    byId('local-only', HTMLElement).hidden = !isLoopbackHost(new URL(origin).hostname);
  }

  render({ joinAccess, audience, phase }: TalkState, medianMs: number | undefined): void {
    const { joinCode, isClosed } = joinAccess;
    const url = new URL(`/listen/${joinCode}`, this.#origin).href;
    if (this.#link.value !== url) {
      this.#link.value = url;
      byId('open-link', HTMLAnchorElement).href = url;
      // The library draws the link as squares and puts no text into the picture.
      byId('qr', HTMLElement).innerHTML = renderSVG(url, { border: 2 });
    }
    this.#isClosed = isClosed;
    byId('invitation', HTMLElement).classList.toggle('closed', isClosed);
    this.#door.textContent = isClosed ? 'Let people join again' : 'Let nobody else join';
    this.#door.disabled = this.#newCode.disabled = phase !== 'live';
    byId('door-words', HTMLElement).textContent = isClosed
      ? 'Nobody else can join.'
      : 'Everyone with this link can listen.';
    setText('listeners', audienceText(audience, ownLanguageName));
    setText('lateness', medianMs === undefined ? '' : `Captions come ${delayText(medianMs)} after the words.`);
  }

  /** The clipboard itself is only for pages with https. */
  async #copy(): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(this.#link.value);
      return true;
    } catch {
      this.#link.select();
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
      return document.execCommand('copy');
    }
  }
}

function setText(id: string, text: string): void {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
