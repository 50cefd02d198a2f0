import { shareUsage } from '../batch/share-usage.ts';
import type { Engine, EngineUsage, TranslationRequest } from '../engine/engine.ts';
import { costMicros, type ModelPrice } from './price.ts';
import { payerOf, type Spending } from './spending.ts';

export interface MeteredEngineOptions {
  readonly spending: Pick<Spending, 'spent'>;
  /** `undefined`: its tokens are counted and cost nothing known. */
  readonly price: ModelPrice | undefined;
  /** The tokens of a call whose engine didn't tell them, such as one that was aborted. */
  readonly estimate: (request: TranslationRequest, reply: string) => EngineUsage;
}

/** Counts what every call of one endpoint costs, also of those whose result nobody gets. */
export function createMeteredEngine(engine: Engine, { spending, price, estimate }: MeteredEngineOptions): Engine {
  const pay = (request: TranslationRequest, usage: EngineUsage, requests: 0 | 1): void => {
    const payer = payerOf(request);
    if (payer === undefined) return;
    const micros = price === undefined ? undefined : costMicros(usage, price);
    spending.spent({ ...payer, ...usage, kind: request.kind, requests, costMicros: micros });
  };
  const translateBatch = engine.translateBatch?.bind(engine);
  return {
    ...engine,

    async *translate(request) {
      let told: EngineUsage | undefined;
      let reply = '';
      try {
        for await (const piece of engine.translate(request)) {
          if (piece.type === 'usage') told = piece.usage;
          else if (piece.type === 'text') reply += piece.text;
          yield piece;
        }
      } finally {
        // A call that was refused before anything came is free.
        const isPaid = told !== undefined || reply !== '' || request.signal.aborted;
        if (isPaid) pay(request, told ?? estimate(request, reply), 1);
      }
    },

    ...(translateBatch === undefined
      ? {}
      : {
          translateBatch: async (requests, signal) => {
            const reply = await translateBatch(requests, signal);
            const shares = reply.usage === undefined ? undefined : shareUsage(requests, reply.usage);
            requests.forEach((request, index) => {
              const usage = shares?.[index] ?? estimate(request, reply.texts[index] ?? '');
              pay(request, usage, index === 0 ? 1 : 0);
            });
            return reply;
          },
        }),
  };
}
