import {
  EngineCancelledError,
  EngineRejectedError,
  EngineReplyError,
  normalizeText,
  type BatchAnswer,
  type Clock,
  type EngineAnswer,
  type TranslationRequest,
} from '@parley/translation';

/** `answered`: every text was translated; `fell-apart`: the reply was unusable; `failed`: there was no reply. */
export type BatchOutcome = 'answered' | 'fell-apart' | 'failed';

/** The texts of one request. */
export type TextsOfRequest = readonly [TranslationRequest, ...TranslationRequest[]];

interface FinalBatchesOptions {
  /** Whether the rate limit is saturated, so that waiting to save a request is worthwhile. */
  readonly isSaturated: () => boolean;
  /** Makes one request for several texts. */
  readonly send: (requests: TextsOfRequest, signal: AbortSignal) => Promise<BatchAnswer>;
  readonly clock: Clock;
  readonly onBatch: (texts: number, outcome: BatchOutcome) => void;
}

/** Limits of a batch: larger ones take too long and lose too much when they fail. */
const maxTexts = 8;
const maxCharacters = 4000;
/** How long the first text waits for others. */
const gatherMs = 120;
/** How long batching is suspended after the endpoint rejected a batch: it may not support them, or have rejected one text. */
const refusedForMs = 300_000;

/**
 * Combines finals of the same tenant and language pair into one request while the rate limit is saturated; otherwise,
 * waiting for a batch would only cost time. If the reply is unusable, each text is sent by itself. Partials, texts with a
 * history and strict retries are never batched.
 */
export class FinalBatches {
  readonly #options: FinalBatchesOptions;
  readonly #gathering = new Map<string, PendingBatch>();
  #refusedUntilMs = -Infinity;

  constructor(options: FinalBatchesOptions) {
    this.#options = options;
  }

  /**
   * Sends a text in a batch if possible.
   *
   * @returns `undefined` if the text has to be sent by itself
   * @throws EngineError of the shared request; EngineCancelledError if the request was cancelled
   */
  async translate(request: TranslationRequest): Promise<EngineAnswer | undefined> {
    const { clock, isSaturated } = this.#options;
    if (isSentAlone(request) || clock.now() < this.#refusedUntilMs || !isSaturated()) return undefined;
    return await this.#join(request);
  }

  #join(request: TranslationRequest): Promise<EngineAnswer | undefined> {
    const key = batchKey(request);
    const found = this.#gathering.get(key);
    if (found?.fits(request) === true) return found.add(request);
    const batch = new PendingBatch();
    this.#gathering.set(key, batch);
    const answer = batch.add(request);
    void this.#gather(key, batch);
    return answer;
  }

  async #gather(key: string, batch: PendingBatch): Promise<void> {
    await this.#options.clock.delay(gatherMs, batch.complete).catch(() => undefined);
    if (this.#gathering.get(key) === batch) this.#gathering.delete(key);
    await this.#send(batch.items, batch.unwanted);
  }

  async #send([first, ...others]: readonly BatchItem[], signal: AbortSignal): Promise<void> {
    if (first === undefined) return;
    if (others.length === 0) {
      first.resolve(undefined);
      return;
    }
    const { send, onBatch, clock } = this.#options;
    const items = [first, ...others];
    try {
      const { texts } = await send([first.request, ...others.map(({ request }) => request)], signal);
      onBatch(items.length, 'answered');
      items.forEach((item, index) => {
        const text = texts[index];
        item.resolve(text === undefined ? undefined : { text });
      });
    } catch (error) {
      // The endpoint may not support batches, or may have rejected one of the texts: send each by itself.
      if (error instanceof EngineRejectedError) this.#refusedUntilMs = clock.now() + refusedForMs;
      const fallsApart = error instanceof EngineReplyError || error instanceof EngineRejectedError;
      onBatch(items.length, fallsApart ? 'fell-apart' : 'failed');
      for (const item of items) {
        if (fallsApart) item.resolve(undefined);
        else item.reject(error);
      }
    }
  }
}

/** History is sent as earlier messages of the chat, which would apply to all texts of a batch. */
function isSentAlone({ kind, strict, history = [] }: TranslationRequest): boolean {
  return kind === 'partial' || strict === true || history.length > 0;
}

/**
 * Returns the key that the texts of a batch share: languages, style and glossary, which are sent once, and the tenant, since
 * a model may mix up the texts of a request or follow instructions in one of them.
 */
function batchKey({
  tenant = '',
  source,
  target,
  formality = 'default',
  context = '',
  glossary = [],
}: TranslationRequest): string {
  const terms = glossary.map((entry) => [entry.source, entry.target]);
  return JSON.stringify([tenant, source, target, formality, normalizeText(context), terms]);
}

/** One text of a batch. */
interface BatchItem {
  readonly request: TranslationRequest;
  /** @param answer `undefined`: the text has to be sent by itself */
  resolve(answer: EngineAnswer | undefined): void;
  reject(error: unknown): void;
}

/** Texts waiting to be sent together. Cancelled ones are removed; if none are left, nothing is sent. */
class PendingBatch {
  readonly #items = new Set<BatchItem>();
  readonly #full = new AbortController();
  readonly #unwanted = new AbortController();
  #characters = 0;

  /** Aborted when the batch is full or empty. */
  get complete(): AbortSignal {
    return AbortSignal.any([this.#full.signal, this.#unwanted.signal]);
  }

  /** Aborted when the last text was cancelled. */
  get unwanted(): AbortSignal {
    return this.#unwanted.signal;
  }

  get items(): readonly BatchItem[] {
    return [...this.#items];
  }

  /** An abandoned batch accepts no more texts, since its request is cancelled. */
  fits({ text }: TranslationRequest): boolean {
    if (this.#unwanted.signal.aborted) return false;
    return this.#items.size < maxTexts && this.#characters + text.length <= maxCharacters;
  }

  add(request: TranslationRequest): Promise<EngineAnswer | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<EngineAnswer | undefined>();
    const { signal } = request;
    const leave = (): void => {
      item.reject(new EngineCancelledError('the call was cancelled', { cause: signal.reason }));
      if (this.#items.size === 0) this.#unwanted.abort();
    };
    const remove = (): void => {
      this.#items.delete(item);
      signal.removeEventListener('abort', leave);
    };
    const item: BatchItem = {
      request,
      resolve: (answer) => {
        remove();
        resolve(answer);
      },
      reject: (error) => {
        remove();
        reject(error instanceof Error ? error : new Error('the batch failed', { cause: error }));
      },
    };
    this.#items.add(item);
    this.#characters += request.text.length;
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    if (this.#items.size >= maxTexts) this.#full.abort();
    return promise;
  }
}
