import { shareUsage } from '../batch/share-usage.ts';
import type { BatchPiece, Engine, EngineUsage, TranslationPiece, TranslationRequest } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { costMicros, type ModelPrice } from './price.ts';
import { payerOf, type Spending } from './spending.ts';

export interface MeteredEngineOptions {
  readonly spending: Pick<Spending, 'spent'>;
  /** `undefined`: its tokens are counted and cost nothing known. */
  readonly price: ModelPrice | undefined;
  /** The tokens of a call, for one text or a batch, whose engine didn't tell them, such as one that was aborted. */
  readonly estimate: (requests: readonly TranslationRequest[], reply: string) => EngineUsage;
}

/** Counts what every call of one endpoint costs, also of those whose result nobody gets. A batch is one call. */
export function createMeteredEngine(engine: Engine, { spending, price, estimate }: MeteredEngineOptions): Engine {
  const pay = (requests: readonly TranslationRequest[], total: EngineUsage): void => {
    const shares = shareUsage(requests, total);
    requests.forEach((request, index) => {
      const payer = payerOf(request);
      const usage = shares[index];
      if (payer === undefined || usage === undefined) return;
      const micros = price === undefined ? undefined : costMicros(usage, price);
      spending.spent({ ...payer, ...usage, requests: index === 0 ? 1 : 0, costMicros: micros });
    });
  };

  async function* metered<Piece extends TranslationPiece | BatchPiece>(
    requests: readonly TranslationRequest[],
    call: () => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    let told: EngineUsage | undefined;
    let reply = '';
    let isPaid = true;
    try {
      for await (const piece of call()) {
        if (piece.type === 'usage') told = piece.usage;
        else if (piece.type === 'text') reply += piece.text;
        else if (piece.type === 'texts') reply += piece.texts.join('');
        yield piece;
      }
    } catch (error) {
      isPaid = told !== undefined || reply !== '' || (error instanceof EngineError && error.mayBeBilled);
      throw error;
    } finally {
      if (isPaid) pay(requests, told ?? estimate(requests, reply));
    }
  }

  const translateBatch = engine.translateBatch?.bind(engine);
  return {
    ...engine,
    translate: (request) => metered([request], () => engine.translate(request)),
    ...(translateBatch === undefined
      ? {}
      : {
          translateBatch: (requests, signal) => metered(requests, () => translateBatch(requests, signal)),
        }),
  };
}
