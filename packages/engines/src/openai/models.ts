import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseJson } from '../reply-json.ts';
import { replyError } from './reply-error.ts';

const pairSchema = z.tuple([z.string(), z.string()]);
const modelSchema = z.object({
  id: z.string(),
  /** An extension: the pairs that this model translates, in BCP 47. */
  language_pairs: z.array(pairSchema.optional().catch(undefined)).optional().catch(undefined),
});

/** `{ data: [...] }`; some gateways send the list alone, and Ollama `data: null` where it has no model. */
const modelsSchema = z.union([
  z.array(z.unknown()),
  z.object({ data: z.array(z.unknown()).catch([]) }).transform(({ data }) => data),
]);

/**
 * What the answer to `GET /models` says of a model. An endpoint that doesn't list the model under its own name, such
 * as a gateway, is taken by all of its models. Pairs of what is no language are passed over.
 *
 * @throws EngineError where it is no JSON, or tells of an error
 */
export function readCapabilities(text: string, model: string): EngineCapabilities {
  const json = parseJson(text);
  const error = replyError(json);
  if (error !== undefined) throw error;
  // An entry of another form is none of a model that could be asked for.
  const listed = (modelsSchema.safeParse(json).data ?? []).flatMap((entry) => modelSchema.safeParse(entry).data ?? []);
  const own = listed.filter(({ id }) => id === model);
  const models = own.length > 0 ? own : listed;
  const pairs = models
    .flatMap((entry) => entry.language_pairs ?? [])
    .flatMap((pair) => (pair === undefined ? [] : canonicalPair(pair)));
  return { languagePairs: models.some((entry) => entry.language_pairs !== undefined) ? pairs : undefined };
}

function canonicalPair(pair: readonly [string, string]): [LanguageTag, LanguageTag][] {
  const [source, target] = pair.map(canonicalLanguageTag);
  return source === undefined || target === undefined ? [] : [[source, target]];
}
