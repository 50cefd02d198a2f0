import { engineTypeOf, writtenEntrySchema, type EngineEntry, type WrittenEntry } from '@parley/engines/types';
import { z } from 'zod';
import { jsonTextSchema } from './json-text.ts';

/** One place that translates, with everything that its entry leaves to the environment filled in. */
export type EngineEndpoint = EngineEntry;

type Environment = Readonly<Record<string, string | undefined>>;

const listSchema = jsonTextSchema.pipe(z.array(writtenEntrySchema).min(1, 'must name at least one endpoint'));

/** Host, and the model where there is one: no path and no query, which may hold a key. */
export function usualName(baseUrl: string, model: string | undefined): string {
  const { host } = new URL(baseUrl);
  return model === undefined ? host : `${host} ${model}`;
}

/** What limits are counted for. */
function placeOf({ baseUrl, apiKey, model }: EngineEndpoint): string {
  return JSON.stringify([baseUrl, apiKey, model]);
}

function completed(written: WrittenEntry, apiKey: string | undefined): EngineEndpoint {
  const { apiKeyVariable, ...entry } = written;
  const baseUrl = entry.baseUrl ?? engineTypeOf(entry.type)?.usualBaseUrl?.(apiKey);
  if (baseUrl === undefined) throw new RangeError('an endpoint has no address');
  return { ...entry, apiKey, baseUrl, name: entry.name ?? usualName(baseUrl, entry.model) };
}

/**
 * `ENGINES`: a JSON list of endpoints, in the order in which they are asked. Partials and finals need an endpoint each,
 * and no two endpoints may have the same name. Those with the same URL, key and model share one allowance, so they have to
 * name the same limits.
 *
 * @param environment where the keys stand that an endpoint names by `apiKeyVariable`
 */
export function engineEndpointsSchema(environment: Environment): z.ZodType<readonly EngineEndpoint[], string> {
  return listSchema.transform((written, context): readonly EngineEndpoint[] => {
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const kind of ['partial', 'final']) {
      if (!written.some((endpoint) => ['both', kind].includes(endpoint.for)))
        complain([], `has no endpoint for ${kind}s`);
    }
    const names = new Set<string>();
    const places = new Map<string, EngineEndpoint>();
    return written.map((entry, index): EngineEndpoint => {
      const { apiKeyVariable } = entry;
      const found = apiKeyVariable === undefined ? undefined : environment[apiKeyVariable];
      if (apiKeyVariable !== undefined) {
        if (!found) complain([index, 'apiKeyVariable'], `names a variable that is not set: ${apiKeyVariable}`);
        if (entry.apiKey !== undefined) complain([index, 'apiKeyVariable'], 'must not stand beside apiKey');
      }
      const endpoint = completed(entry, found ?? entry.apiKey);
      if (names.has(endpoint.name)) complain([index, 'name'], `is that of another endpoint: ${endpoint.name}`);
      names.add(endpoint.name);
      const place = placeOf(endpoint);
      const first = places.get(place) ?? endpoint;
      places.set(place, first);
      for (const limit of ['rpm', 'tpm'] as const) {
        if (endpoint[limit] === first[limit]) continue;
        complain([index, limit], `must be that of ${first.name}, which has the same URL, key and model`);
      }
      return endpoint;
    });
  });
}
