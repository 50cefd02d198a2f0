import type { TranslationPiece, TranslationRequest } from '@parley/translation';

/** Makes a call with the given request. */
export type Ask = (request: TranslationRequest) => AsyncGenerator<TranslationPiece>;

/** How the first piece of a reply came, or that there is none. */
export type FirstPiece =
  | { readonly status: 'came'; readonly piece: IteratorResult<TranslationPiece> }
  | { readonly status: 'failed'; readonly error: unknown };

/** One of several calls for the same request, which can be given up alone. */
export class CallLeg implements Disposable {
  readonly first: Promise<FirstPiece>;
  readonly #pieces: AsyncGenerator<TranslationPiece>;
  readonly #giveUp = new AbortController();

  /** Makes the call. */
  constructor(ask: Ask, request: TranslationRequest) {
    const signal = AbortSignal.any([request.signal, this.#giveUp.signal]);
    this.#pieces = ask({ ...request, signal });
    this.first = this.#pieces.next().then(
      (piece) => ({ status: 'came', piece }),
      (error: unknown) => ({ status: 'failed', error }),
    );
  }

  /** All pieces, the first one included. */
  async *read(): AsyncGenerator<TranslationPiece> {
    const first = await this.first;
    if (first.status === 'failed') throw first.error;
    if (first.piece.done === true) return;
    yield first.piece.value;
    yield* this.#pieces;
  }

  /** Ends the call, unless it has ended. */
  [Symbol.dispose](): void {
    this.#giveUp.abort();
    // What it held is freed when the call has heard of the abort; nobody needs to wait for that.
    this.#pieces.return(undefined).catch(() => undefined);
  }
}
