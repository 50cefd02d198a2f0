import type { Engine, EngineUsage, TranslationRequest } from '../engine/engine.ts';
import { costMicros, type ModelPrice } from './price.ts';
import type { Spending } from './spending.ts';

export interface MeteredEngineOptions {
  readonly spending: Pick<Spending, 'spent'>;
  /** `undefined`: its tokens are counted and cost nothing known. */
  readonly price: ModelPrice | undefined;
  /** The tokens of a call whose engine didn't tell them, such as one that was aborted. */
  readonly estimate: (request: TranslationRequest, reply: string) => EngineUsage;
}

/** Counts what every call of one endpoint costs, also of those whose result nobody gets. */
export function createMeteredEngine(engine: Engine, { spending, price, estimate }: MeteredEngineOptions): Engine {
  return {
    ...engine,
    async *translate(request) {
      let told: EngineUsage | undefined;
      let reply = '';
      try {
        for await (const piece of engine.translate(request)) {
          if (piece.type === 'usage') told = piece.usage;
          else reply += piece.text;
          yield piece;
        }
      } finally {
        // A call that was refused before anything came is free.
        const isPaid = told !== undefined || reply !== '' || request.signal.aborted;
        if (isPaid && request.payer !== undefined) {
          const usage = told ?? estimate(request, reply);
          spending.spent({
            ...request.payer,
            kind: request.kind,
            ...usage,
            costMicros: price === undefined ? undefined : costMicros(usage, price),
          });
        }
      }
    },
  };
}
