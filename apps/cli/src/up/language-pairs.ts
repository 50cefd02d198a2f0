import { z } from 'zod';

const modelsSchema = z.object({
  data: z.array(z.object({ language_pairs: z.array(z.tuple([z.string(), z.string()])).optional() })),
});

/**
 * Asks an engine which languages it translates into which: `language_pairs`, the local engine's addition to
 * `GET /v1/models`.
 *
 * @returns source and target, BCP 47; empty where the engine doesn't say
 */
export async function fetchLanguagePairs(
  engineUrl: string,
  signal: AbortSignal,
): Promise<readonly (readonly [string, string])[]> {
  const response = await fetch(new URL('/v1/models', engineUrl), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
  });
  const models = modelsSchema.safeParse(await response.json());
  return models.data?.data.flatMap((model) => model.language_pairs ?? []) ?? [];
}
