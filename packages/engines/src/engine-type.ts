import type { Engine } from '@parley/translation';
import { z } from 'zod';
import { baseUrlSchema } from './base-url.ts';
import type { CallTimeouts } from './deadline.ts';
import type { ConnectionPoolOptions } from './pool/connection-pool.ts';

/** How to call an engine of any type. All times are in milliseconds. */
export interface EngineOptions extends CallTimeouts, Omit<ConnectionPoolOptions, 'origin'> {
  /** Base URL of the API. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

const timeoutMs = z.int().min(50).max(600_000).optional();

/** Fields that entries of `ENGINES` have in common. */
const commonFields = {
  /** Label in metrics. */
  name: z
    .string()
    .regex(/^[\w.:@/ -]{1,80}$/, 'must be 1 to 80 letters, digits, spaces or any of . : @ / _ -')
    .optional(),
  baseUrl: baseUrlSchema,
  apiKey: z.string().min(1).optional(),
  /** Environment variable that contains the key, to keep it out of the list. */
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable')
    .optional(),
  /** Which texts it is asked for. */
  for: z.enum(['partial', 'final', 'both']).default('both'),
  /** Requests and tokens per minute. */
  rpm: z.int().min(1).optional(),
  tpm: z.int().min(1).optional(),
  /** These default to the variables that apply to all endpoints. */
  connections: z.int().min(1).max(1024).optional(),
  connectTimeoutMs: timeoutMs,
  firstTokenTimeoutMs: timeoutMs,
  totalTimeoutMs: timeoutMs,
  http2: z.boolean().optional(),
};

/** An entry of `ENGINES` as written, with the fields that are used outside its type. */
export type WrittenEntry = Readonly<Omit<z.output<z.ZodObject<typeof commonFields>>, 'baseUrl'>> & {
  readonly type: string;
  /** Absent if the type has a default. */
  readonly baseUrl?: string | undefined;
  /** Limits and prices apply per model. Absent: the type has no models. */
  readonly model?: string | undefined;
};

/** A complete entry. */
export type EngineEntry = Omit<WrittenEntry, 'name' | 'baseUrl' | 'apiKeyVariable'> & {
  readonly name: string;
  readonly baseUrl: string;
};

/** A kind of API. Its implementation is only loaded when an engine is created, not when the configuration is read. */
export interface EngineType {
  readonly type: string;
  /** Schema of an entry of this type. */
  readonly schema: z.ZodObject;
  /** Unit of its prices. Besides requests, only tokens can be rate-limited. */
  readonly chargedBy: 'tokens' | 'characters';
  /** Default base URL. */
  readonly usualBaseUrl?: ((apiKey: string | undefined) => string) | undefined;
  create(entry: EngineEntry, options: EngineOptions): Promise<Engine>;
}

interface Definition<Fields extends z.core.$ZodLooseShape> extends Pick<EngineType, 'chargedBy' | 'usualBaseUrl'> {
  readonly type: string;
  /** Fields that only this type has or that it defines differently. */
  readonly fields: Fields;
  /** @param options including the entry's type-specific fields */
  create(options: EngineOptions & Omit<z.output<z.ZodObject<Fields>>, keyof EngineOptions>): Promise<Engine>;
}

/** Defines an engine type. */
export function defineEngineType<Fields extends z.core.$ZodLooseShape>(definition: Definition<Fields>): EngineType {
  const { type, fields, chargedBy, usualBaseUrl } = definition;
  return {
    type,
    chargedBy,
    usualBaseUrl,
    schema: z.strictObject({ type: z.literal(type), ...commonFields, ...fields }),
    // The entry was validated by the schema above.
    create: (entry, options) =>
      definition.create({ ...(entry as EngineEntry & z.output<z.ZodObject<Fields>>), ...options }),
  };
}
