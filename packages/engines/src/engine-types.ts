import type { Engine } from '@parley/translation';
import { z } from 'zod';
import { deepLType } from './deepl/deepl-type.ts';
import {
  defineEngineType,
  type EngineEntry,
  type EngineOptions,
  type EngineType,
  type WrittenEntry,
} from './engine-type.ts';
import { openAiType } from './openai/openai-type.ts';

export { openAiBaseUrlSchema } from './openai/openai-type.ts';
export type { EngineEntry, WrittenEntry } from './engine-type.ts';

/** LibreTranslate: https://docs.libretranslate.com */
const libreTranslateType = defineEngineType({
  type: 'libretranslate',
  chargedBy: 'characters',
  fields: {},
  create: async (options) =>
    (await import('./libretranslate/libretranslate-engine.ts')).createLibreTranslateEngine(options),
});

/** All engine types. */
const engineTypes: readonly [EngineType, ...EngineType[]] = [openAiType, libreTranslateType, deepLType];

const [first, ...others] = engineTypes.map(({ type }) => type);

/** One entry of `ENGINES`, as written. */
export const writtenEntrySchema = z
  .discriminatedUnion(
    'type',
    engineTypes.map(({ schema }) => schema) as [z.ZodObject, ...z.ZodObject[]],
    `must be ${new Intl.ListFormat('en', { type: 'disjunction' }).format([first ?? '', ...others])}`,
  )
  .transform((entry) => entry as unknown as WrittenEntry);

/** Returns the type with that name, if it exists. */
export function engineTypeOf(type: string): EngineType | undefined {
  return engineTypes.find((one) => one.type === type);
}

/** Creates the engine of an entry. */
export async function createEngine(entry: EngineEntry, options: EngineOptions): Promise<Engine> {
  const type = engineTypeOf(entry.type);
  if (type === undefined) throw new RangeError(`unknown engine type: ${entry.type}`);
  return await type.create(entry, options);
}
