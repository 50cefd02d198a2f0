import { z } from 'zod';
import { baseUrlSchema, openAiBaseUrlSchema } from './base-url.ts';

const timeoutMs = z.int().min(50).max(600_000).optional();

const common = {
  /** Names it in metrics. */
  name: z
    .string()
    .regex(/^[\w.:@/ -]{1,80}$/, 'must be 1 to 80 letters, digits, spaces or any of . : @ / _ -')
    .optional(),
  baseUrl: baseUrlSchema,
  apiKey: z.string().min(1).optional(),
  /** The variable that holds the key, so that the list need not. */
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable')
    .optional(),
  /** Which texts it is asked for. */
  for: z.enum(['partial', 'final', 'both']).default('both'),
  /** Requests and tokens a minute. */
  rpm: z.int().min(1).optional(),
  tpm: z.int().min(1).optional(),
  /** What is missing of these is as the variables for every endpoint say. */
  connections: z.int().min(1).max(1024).optional(),
  connectTimeoutMs: timeoutMs,
  firstTokenTimeoutMs: timeoutMs,
  totalTimeoutMs: timeoutMs,
  http2: z.boolean().optional(),
};

/** One endpoint, as it is written in `ENGINES`. */
export const writtenEndpointSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('openai'),
      ...common,
      baseUrl: openAiBaseUrlSchema,
      model: z.string().min(1),
      /** Whether it takes the translation before as a prediction of the next one. */
      predictions: z.boolean().default(false),
      /** The header that carries the key; unset: as the address says. */
      authHeader: z.enum(['authorization', 'api-key']).optional(),
    }),
    z.strictObject({ type: z.literal('libretranslate'), ...common }),
  ],
  'must be openai or libretranslate',
);

export type WrittenEndpoint = z.output<typeof writtenEndpointSchema>;

type Complete<Endpoint> = Endpoint extends WrittenEndpoint
  ? Readonly<Omit<Endpoint, 'name' | 'apiKeyVariable'>> & { readonly name: string }
  : never;

/** One place that translates: `openai`, any OpenAI-compatible API, or `libretranslate`. */
export type EngineEndpoint = Complete<WrittenEndpoint>;
