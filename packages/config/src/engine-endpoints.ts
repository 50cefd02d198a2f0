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

/**
 * `ENGINES`: a JSON list of endpoints, in the order in which they are asked. Partials and finals need an endpoint each,
 * and no two endpoints may have the same name.
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
    return written.map((endpoint, index): EngineEndpoint => {
      const { apiKeyVariable, name = usualName(endpoint), ...rest } = endpoint;
      if (names.has(name)) complain([index, 'name'], `is that of another endpoint: ${name}`);
      names.add(name);
      if (apiKeyVariable === undefined) return { ...rest, name };
      const apiKey = environment[apiKeyVariable];
      if (!apiKey) complain([index, 'apiKeyVariable'], `names a variable that is not set: ${apiKeyVariable}`);
      if (rest.apiKey !== undefined) complain([index, 'apiKeyVariable'], 'must not stand beside apiKey');
      return { ...rest, name, apiKey };
    });
  });
}
