import { z } from 'zod';
import { writtenEndpointSchema, type EngineEndpoint, type WrittenEndpoint } from './engine-endpoint.ts';
import { jsonTextSchema } from './json-text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const listSchema = jsonTextSchema.pipe(z.array(writtenEndpointSchema).min(1, 'must name at least one endpoint'));

/** Host, and the model where there is one: no path and no query, which may hold a key. */
function usualName(endpoint: WrittenEndpoint): string {
  const { host } = new URL(endpoint.baseUrl);
  return endpoint.type === 'openai' ? `${host} ${endpoint.model}` : host;
}

/** What limits are counted for. */
function placeOf(endpoint: EngineEndpoint): string {
  return JSON.stringify([endpoint.baseUrl, endpoint.apiKey, endpoint.type === 'openai' ? endpoint.model : undefined]);
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
    const complete = written.map((endpoint, index): EngineEndpoint => {
      const { apiKeyVariable, name = usualName(endpoint), ...rest } = endpoint;
      if (names.has(name)) complain([index, 'name'], `is that of another endpoint: ${name}`);
      names.add(name);
      if (apiKeyVariable === undefined) return { ...rest, name };
      const apiKey = environment[apiKeyVariable];
      if (!apiKey) complain([index, 'apiKeyVariable'], `names a variable that is not set: ${apiKeyVariable}`);
      if (rest.apiKey !== undefined) complain([index, 'apiKeyVariable'], 'must not stand beside apiKey');
      return { ...rest, name, apiKey };
    });
    const places = new Map<string, EngineEndpoint>();
    for (const [index, endpoint] of complete.entries()) {
      const place = placeOf(endpoint);
      const first = places.get(place) ?? endpoint;
      places.set(place, first);
      for (const limit of ['rpm', 'tpm'] as const) {
        if (endpoint[limit] === first[limit]) continue;
        complain([index, limit], `must be that of ${first.name}, which has the same URL, key and model`);
      }
    }
    return complete;
  });
}
