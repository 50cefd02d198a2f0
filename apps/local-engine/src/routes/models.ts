import type { FastifyInstance } from 'fastify';
import type { EngineParts } from '../engine-parts.ts';

/**
 * `GET /v1/models` lists the only model; requests may name any. In addition to OpenAI's fields, `language_pairs` lists the
 * supported pairs as BCP 47 `[source, target]`, and is absent if any pair is supported; `uses_earlier_messages` is false if
 * only the last user message affects the translation; `simulated` is true if the output is placeholder text.
 */
export function models(app: FastifyInstance, { translator }: Pick<EngineParts, 'translator'>): void {
  const { model, simulated, usesPrevious, languagePairs } = translator;
  const card = {
    id: model,
    object: 'model',
    created: 0,
    owned_by: 'parley',
    simulated,
    uses_earlier_messages: usesPrevious,
    language_pairs: languagePairs,
  };
  app.get('/v1/models', () => ({ object: 'list', data: [card] }));
}
