import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseJson, parseReply } from '../reply-json.ts';

const modelsSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      /** An extension: the pairs that this model translates, in BCP 47. */
      language_pairs: z.array(z.tuple([z.string(), z.string()])).optional(),
    }),
  ),
});

/**
 * What the answer to `GET /models` says of a model. An endpoint that doesn't list the model under its own name, such
 * as a gateway, is taken by all of its models. Pairs of what is no language are passed over.
 */
export function readCapabilities(text: string, model: string): EngineCapabilities {
  const { data } = parseReply(modelsSchema, parseJson(text));
  const own = data.filter(({ id }) => id === model);
  const models = own.length > 0 ? own : data;
  const pairs = models.flatMap((entry) => entry.language_pairs ?? []).flatMap(canonicalPair);
  return { languagePairs: models.some((entry) => entry.language_pairs !== undefined) ? pairs : undefined };
}

function canonicalPair(pair: readonly [string, string]): [LanguageTag, LanguageTag][] {
  const [source, target] = pair.map(canonicalLanguageTag);
  return source === undefined || target === undefined ? [] : [[source, target]];
}
