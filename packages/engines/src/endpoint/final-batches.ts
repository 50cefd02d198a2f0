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

/** `answered`: every text got its translation; `fell-apart`: the answer could not be used; `failed`: there was none. */
export type BatchOutcome = 'answered' | 'fell-apart' | 'failed';

/** The texts of one request: at least one. */
export type TextsOfRequest = readonly [TranslationRequest, ...TranslationRequest[]];

interface FinalBatchesOptions {
  /** Whether the rate limit is so saturated that a request saved is worth the wait. */
  readonly isSaturated: () => boolean;
  /** Makes one request for several texts. */
  readonly send: (requests: TextsOfRequest, signal: AbortSignal) => Promise<BatchAnswer>;
  readonly clock: Clock;
  readonly onBatch: (texts: number, outcome: BatchOutcome) => void;
}

/** Beyond so many texts or characters, one answer takes too long and one fault costs too much. */
const maxTexts = 8;
const maxCharacters = 4000;
/** How long the first text waits for others. */
const gatherMs = 120;
/** How long an endpoint that refused a batch is sent none: it may know none, or not have liked a text. */
const refusedForMs = 300_000;

/**
 * Lets finals of one tenant and language pair share a request while the rate limit is saturated, and never else: sharing
 * costs time. An answer that can't be used falls apart into a request for each text. Partials, texts with a history of
 * their own, and those that are asked for again with stricter instructions are sent alone.
 */
export class FinalBatches {
  readonly #options: FinalBatchesOptions;
  readonly #gathering = new Map<string, PendingBatch>();
  #refusedUntilMs = -Infinity;

  constructor(options: FinalBatchesOptions) {
    this.#options = options;
  }

  /**
   * Sends a text together with others, where that is possible.
   *
   * @returns `undefined` where it has to be sent alone
   * @throws EngineError that of the shared request; EngineCancelledError where the text isn't wanted any more
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
      // An endpoint that refuses the request as such may know no batches; the texts alone will tell.
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

/** What was said before stands in the chat as earlier turns: in a request of several texts, all of them would have it. */
function isSentAlone({ kind, strict, history = [] }: TranslationRequest): boolean {
  return kind === 'partial' || strict === true || history.length > 0;
}

/**
 * The same for texts that may share a request: one pair of languages, one style, one glossary. Everything but the
 * texts is said once for all of them. And one tenant: a model may mix up the texts of a request, or follow one of them.
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
  /** @param answer `undefined`: it has to be sent alone */
  resolve(answer: EngineAnswer | undefined): void;
  reject(error: unknown): void;
}

/** Texts that wait for each other. One that isn't wanted any more leaves; when all have left, nothing is sent. */
class PendingBatch {
  readonly #items = new Set<BatchItem>();
  readonly #full = new AbortController();
  readonly #unwanted = new AbortController();
  #characters = 0;

  /** Aborted when nothing more fits, or nobody waits. */
  get complete(): AbortSignal {
    return AbortSignal.any([this.#full.signal, this.#unwanted.signal]);
  }

  /** Aborted when the last text has left. */
  get unwanted(): AbortSignal {
    return this.#unwanted.signal;
  }

  get items(): readonly BatchItem[] {
    return [...this.#items];
  }

  /** Not once it is unwanted: whoever joined then would have the fate of those who left. */
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
