import type { Engine } from '@parley/translation';
import { z } from 'zod';
import { deepLType } from './deepl/deepl-type.ts';
import type { EngineEntry, EngineOptions, EngineType, WrittenEntry } from './engine-type.ts';
import { libreTranslateType } from './libretranslate/libretranslate-type.ts';
import { openAiType } from './openai/openai-type.ts';

export { openAiBaseUrlSchema } from './openai/openai-type.ts';
export type { EngineEntry, WrittenEntry } from './engine-type.ts';

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

/** The names of the types whose prices are per character. */
export const typesChargedByCharacters: readonly string[] = engineTypes
  .filter(({ chargedBy }) => chargedBy === 'characters')
  .map(({ type }) => type);

/** Creates the engine of an entry. */
export async function createEngine(entry: EngineEntry, options: EngineOptions): Promise<Engine> {
  const type = engineTypeOf(entry.type);
  if (type === undefined) throw new RangeError(`unknown engine type: ${entry.type}`);
  return await type.create(entry, options);
}
