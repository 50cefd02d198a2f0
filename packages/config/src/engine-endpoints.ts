import { engineTypeOf, writtenEntrySchema, type EngineEntry, type WrittenEntry } from '@parley/engines/types';
import { z } from 'zod';
import { jsonTextSchema } from './value-schemas.ts';

/** An engine endpoint, with the values that its entry takes from the environment filled in. */
export type EngineEndpoint = EngineEntry;

type Environment = Readonly<Record<string, string | undefined>>;

const listSchema = jsonTextSchema.pipe(z.array(writtenEntrySchema).min(1, 'must name at least one endpoint'));

/** The host, and the model if there is one. Path and query are left out because they may contain a key. */
export function defaultEndpointName(baseUrl: string, model: string | undefined): string {
  const { host } = new URL(baseUrl);
  return model === undefined ? host : `${host} ${model}`;
}

/** Endpoints with the same URL, key and model share their rate limits. */
function rateLimitScope({ baseUrl, apiKey, model }: EngineEndpoint): string {
  return JSON.stringify([baseUrl, apiKey, model]);
}

function resolveEndpoint(written: WrittenEntry, apiKey: string | undefined): EngineEndpoint {
  const { apiKeyVariable, ...entry } = written;
  const baseUrl = entry.baseUrl ?? engineTypeOf(entry.type)?.usualBaseUrl?.(apiKey);
  if (baseUrl === undefined) throw new RangeError('this engine type has no default base URL');
  return { ...entry, apiKey, baseUrl, name: entry.name ?? defaultEndpointName(baseUrl, entry.model) };
}

/**
 * Schema of `ENGINES`: a JSON list of endpoints in order of preference. Partials and finals each need at least one
 * endpoint, and names must be unique. Entries with the same URL, key and model share their rate limits, so their limits
 * must be equal.
 *
 * @param environment holds the keys that endpoints name by `apiKeyVariable`
 */
export function engineEndpointsSchema(environment: Environment): z.ZodType<readonly EngineEndpoint[], string> {
  return listSchema.transform((written, context): readonly EngineEndpoint[] => {
    const addIssue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const kind of ['partial', 'final']) {
      if (!written.some((endpoint) => ['both', kind].includes(endpoint.for)))
        addIssue([], `has no endpoint for ${kind}s`);
    }
    const names = new Set<string>();
    const firstOfScope = new Map<string, EngineEndpoint>();
    return written.map((entry, index): EngineEndpoint => {
      const { apiKeyVariable } = entry;
      const apiKeyFromVariable = apiKeyVariable === undefined ? undefined : environment[apiKeyVariable];
      if (apiKeyVariable !== undefined) {
        if (!apiKeyFromVariable)
          addIssue([index, 'apiKeyVariable'], `names a variable that is not set: ${apiKeyVariable}`);
        if (entry.apiKey !== undefined) addIssue([index, 'apiKeyVariable'], 'must not be combined with apiKey');
      }
      const endpoint = resolveEndpoint(entry, apiKeyFromVariable ?? entry.apiKey);
      if (names.has(endpoint.name)) addIssue([index, 'name'], `is that of another endpoint: ${endpoint.name}`);
      names.add(endpoint.name);
      const scope = rateLimitScope(endpoint);
      const first = firstOfScope.get(scope) ?? endpoint;
      firstOfScope.set(scope, first);
      for (const limit of ['rpm', 'tpm'] as const) {
        if (endpoint[limit] === first[limit]) continue;
        addIssue([index, limit], `must be that of ${first.name}, which has the same URL, key and model`);
      }
      return endpoint;
    });
  });
}
