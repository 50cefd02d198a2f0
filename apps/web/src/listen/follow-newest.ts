/// <reference lib="dom" />

/** A reader who has scrolled up further than this is reading earlier captions; a finger on the screen must not be fought. */
const nearPx = 8;

/** Keeps the newest captions in view, unless the reader has scrolled up; then a button leads back. */
export class FollowNewest {
  readonly #scroller: HTMLElement;
  readonly #button: HTMLElement;
  #isFollowing = true;
  #seen = { clientHeight: 0, scrollHeight: 0 };

  /**
   * @param scroller the element that scrolls
   * @param button leads to the newest caption; hidden while it is in view
   */
  constructor(scroller: HTMLElement, button: HTMLElement) {
    this.#scroller = scroller;
    this.#button = button;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    button.addEventListener('click', () => this.toNewest());
  }

  /** Must be called when the captions or their size have changed. */
  changed(): void {
    const { clientHeight, scrollHeight } = this.#scroller;
    this.#seen = { clientHeight, scrollHeight };
    if (this.#isFollowing) this.#scroller.scrollTop = scrollHeight;
    this.#button.hidden = this.#isFollowing;
  }

  /** Shows the newest captions and follows them again. */
  toNewest(): void {
    this.#isFollowing = true;
    this.changed();
  }

  #scrolled(): void {
    const { clientHeight, scrollHeight, scrollTop } = this.#scroller;
    // The browser scrolls by itself when the sizes change; that is not the reader's wish.
    const isByReader = clientHeight === this.#seen.clientHeight && scrollHeight === this.#seen.scrollHeight;
    if (!isByReader) return;
    this.#isFollowing = scrollHeight - clientHeight - scrollTop < nearPx;
    this.#button.hidden = this.#isFollowing;
  }
}
