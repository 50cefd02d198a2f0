import type { Engine } from '@parley/translation';
import { z } from 'zod';
import { baseUrlSchema } from './base-url.ts';
import type { CallTimeouts } from './deadline.ts';
import type { ConnectionPoolOptions } from './pool/connection-pool.ts';

/** Where and how an engine of any type is asked. All times in milliseconds. */
export interface EngineOptions extends CallTimeouts, Omit<ConnectionPoolOptions, 'origin'> {
  /** What lies before the addresses of the API's calls. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

const timeoutMs = z.int().min(50).max(600_000).optional();

/** What an entry of `ENGINES` may say whatever its type. */
const commonFields = {
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

/** An entry of `ENGINES` as it is written, as far as it is read by others than its own type. */
export type WrittenEntry = Readonly<Omit<z.output<z.ZodObject<typeof commonFields>>, 'baseUrl'>> & {
  readonly type: string;
  /** Absent where the type knows a usual one. */
  readonly baseUrl?: string | undefined;
  /** Each model has limits and a price of its own. Absent: the type has none. */
  readonly model?: string | undefined;
  /** Whether it is told what was shown before, as a prediction of the next translation. */
  readonly predictions?: boolean | undefined;
};

/** One place that translates. */
export type EngineEntry = Omit<WrittenEntry, 'name' | 'baseUrl' | 'apiKeyVariable'> & {
  readonly name: string;
  readonly baseUrl: string;
};

/** A kind of API. It is loaded when an engine of it is created: whoever only reads the configuration needs none of that. */
export interface EngineType {
  /** Names it in `ENGINES`. */
  readonly type: string;
  /** What an entry of this type may say. */
  readonly schema: z.ZodObject;
  /** What its calls are charged by: its prices name the same, and only tokens can be limited besides requests. */
  readonly chargedBy: 'tokens' | 'characters';
  /** Where it is asked unless the entry says so. */
  readonly usualBaseUrl?: ((apiKey: string | undefined) => string) | undefined;
  create(entry: EngineEntry, options: EngineOptions): Promise<Engine>;
}

interface Definition<Fields extends z.core.$ZodLooseShape> extends Pick<EngineType, 'chargedBy' | 'usualBaseUrl'> {
  readonly type: string;
  /** What an entry says besides what all of them may say, or otherwise than they do. */
  readonly fields: Fields;
  /** @param options with the fields of the entry that are the type's own */
  create(options: EngineOptions & Omit<z.output<z.ZodObject<Fields>>, keyof EngineOptions>): Promise<Engine>;
}

/** Defines a type of engine: the one thing that its folder gives to the others. */
export function defineEngineType<Fields extends z.core.$ZodLooseShape>(definition: Definition<Fields>): EngineType {
  const { type, fields, chargedBy, usualBaseUrl } = definition;
  return {
    type,
    chargedBy,
    usualBaseUrl,
    schema: z.strictObject({ type: z.literal(type), ...commonFields, ...fields }),
    // The entry was read by the schema above.
    create: (entry, options) =>
      definition.create({ ...(entry as EngineEntry & z.output<z.ZodObject<Fields>>), ...options }),
  };
}
