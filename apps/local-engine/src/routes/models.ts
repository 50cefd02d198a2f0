import type { FastifyInstance } from 'fastify';
import type { EngineParts } from '../engine-parts.ts';

/**
 * `GET /v1/models`: the one model there is; requests may name any. Beyond OpenAI's fields, `language_pairs` lists what
 * it translates as BCP 47 `[source, target]`, and is left out where it takes any pair; `simulated` says whether its
 * output only stands in for a translation.
 */
export function models(app: FastifyInstance, { translator }: Pick<EngineParts, 'translator'>): void {
  const { model, simulated, languagePairs } = translator;
  const card = {
    id: model,
    object: 'model',
    created: 0,
    owned_by: 'parley',
    simulated,
    language_pairs: languagePairs,
  };
  app.get('/v1/models', () => ({ object: 'list', data: [card] }));
}
