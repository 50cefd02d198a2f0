import type { Engine } from '@parley/translation';
import { z } from 'zod';
import { deepLType } from './deepl/deepl-type.ts';
import type { EngineEntry, EngineOptions, EngineType, WrittenEntry } from './engine-type.ts';
import { libreTranslateType } from './libretranslate/libretranslate-type.ts';
import { openAiType } from './openai/openai-type.ts';

export { openAiBaseUrlSchema } from './openai/openai-type.ts';
export type { EngineEntry, WrittenEntry } from './engine-type.ts';

/** Every type of engine there is. */
const engineTypes: readonly [EngineType, ...EngineType[]] = [openAiType, libreTranslateType, deepLType];

const [first, ...others] = engineTypes.map(({ type }) => type);

/** One entry of `ENGINES`, as it is written. */
export const writtenEntrySchema = z
  .discriminatedUnion(
    'type',
    engineTypes.map(({ schema }) => schema) as [z.ZodObject, ...z.ZodObject[]],
    `must be ${new Intl.ListFormat('en', { type: 'disjunction' }).format([first ?? '', ...others])}`,
  )
  .transform((entry) => entry as unknown as WrittenEntry);

/** The type of that name; `undefined`: there is none. */
export function engineTypeOf(type: string): EngineType | undefined {
  return engineTypes.find((one) => one.type === type);
}

/** Creates the engine of an entry. */
export async function createEngine(entry: EngineEntry, options: EngineOptions): Promise<Engine> {
  const type = engineTypeOf(entry.type);
  if (type === undefined) throw new RangeError('there is no such type of engine');
  return await type.create(entry, options);
}
