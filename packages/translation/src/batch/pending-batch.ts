import { EngineCancelledError } from '../engine/engine-error.ts';
import type { TranslationPiece, TranslationRequest } from '../engine/engine.ts';

/** What becomes of a text: it is translated with the others, or has to be asked for by itself. */
export type ItemOutcome = 'alone' | readonly TranslationPiece[];

/** One text of a batch. */
export interface BatchItem {
  readonly request: TranslationRequest;
  readonly outcome: Promise<ItemOutcome>;
  settle(outcome: ItemOutcome): void;
  fail(error: unknown): void;
}

export interface BatchSize {
  readonly maxTexts: number;
  /** In UTF-16 units, of all texts. */
  readonly maxCharacters: number;
}

/** Texts that wait for each other. One that isn't wanted any more leaves; when all have left, nothing is asked. */
export class PendingBatch {
  readonly #size: BatchSize;
  readonly #items = new Set<BatchItem>();
  readonly #full = new AbortController();
  readonly #unwanted = new AbortController();
  #characters = 0;

  constructor(size: BatchSize) {
    this.#size = size;
  }

  /** Aborted when nothing more fits, or nobody waits. */
  get full(): AbortSignal {
    return AbortSignal.any([this.#full.signal, this.#unwanted.signal]);
  }

  /** Aborted when the last one has left. */
  get unwantedByAll(): AbortSignal {
    return this.#unwanted.signal;
  }

  get items(): readonly BatchItem[] {
    return [...this.#items];
  }

  /** Not once it is unwanted: whoever joined then would have the fate of those who left. */
  fits({ text }: TranslationRequest): boolean {
    if (this.#unwanted.signal.aborted) return false;
    return this.#items.size < this.#size.maxTexts && this.#characters + text.length <= this.#size.maxCharacters;
  }

  add(request: TranslationRequest): BatchItem {
    const { promise, resolve, reject } = Promise.withResolvers<ItemOutcome>();
    const leave = (): void => {
      item.fail(new EngineCancelledError('the call was cancelled', { cause: request.signal.reason }));
      if (this.#items.size === 0) this.#unwanted.abort();
    };
    const over = (): void => {
      this.#items.delete(item);
      request.signal.removeEventListener('abort', leave);
    };
    const item: BatchItem = {
      request,
      outcome: promise,
      settle: (outcome) => {
        over();
        resolve(outcome);
      },
      fail: (error) => {
        over();
        reject(error instanceof Error ? error : new Error('the batch failed', { cause: error }));
      },
    };
    this.#items.add(item);
    this.#characters += request.text.length;
    if (request.signal.aborted) leave();
    else request.signal.addEventListener('abort', leave, { once: true });
    if (this.#items.size >= this.#size.maxTexts) this.#full.abort();
    return item;
  }
}
