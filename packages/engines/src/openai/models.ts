import { canonicalLanguageTag, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseJson } from '../reply-json.ts';
import { replyError } from './reply-error.ts';

const pairSchema = z.tuple([z.string(), z.string()]);
const modelSchema = z.object({
  id: z.string(),
  /** Extension: the pairs that this model translates, in BCP 47. */
  language_pairs: z.array(pairSchema.optional().catch(undefined)).optional().catch(undefined),
  /** Extension: `false` if it translates the last message without regard to earlier ones. */
  uses_earlier_messages: z.boolean().optional().catch(undefined),
});

/** `{ data: [...] }`; some gateways send only the list, and Ollama sends `data: null` without models. */
const modelsSchema = z.union([
  z.array(z.unknown()),
  z.object({ data: z.array(z.unknown()).catch([]) }).transform(({ data }) => data),
]);

/**
 * Reads the capabilities of a model from the response to `GET /models`. If the model is not listed by its own name, as at a
 * gateway, those of all listed models are combined. Invalid language tags are ignored.
 *
 * @throws EngineError if the response is not JSON or contains an error
 */
export function readCapabilities(text: string, model: string): EngineCapabilities {
  const json = parseJson(text);
  const error = replyError(json);
  if (error !== undefined) throw error;
  // Malformed entries are ignored.
  const listed = (modelsSchema.safeParse(json).data ?? []).flatMap((entry) => modelSchema.safeParse(entry).data ?? []);
  const own = listed.filter(({ id }) => id === model);
  const models = own.length > 0 ? own : listed;
  const pairs = models
    .flatMap((entry) => entry.language_pairs ?? [])
    .flatMap((pair) => (pair === undefined ? [] : canonicalPair(pair)));
  const ignoresEarlier = models.length > 0 && models.every((entry) => entry.uses_earlier_messages === false);
  return {
    languagePairs: models.some((entry) => entry.language_pairs !== undefined) ? pairs : undefined,
    ...(ignoresEarlier ? { usesPrevious: false } : {}),
  };
}

function canonicalPair(pair: readonly [string, string]): [LanguageTag, LanguageTag][] {
  const [source, target] = pair.map(canonicalLanguageTag);
  return source === undefined || target === undefined ? [] : [[source, target]];
}
