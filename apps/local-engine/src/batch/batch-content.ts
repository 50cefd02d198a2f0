import type { BatchFormat } from './response-format.ts';

/** Serializes translations according to the request's schema. */
export function batchContent({ list, item }: BatchFormat, translations: readonly string[]): string {
  const items = translations.map((translation, place) => {
    if (item === undefined) return translation;
    return { ...(item.index !== undefined && { [item.index]: place }), [item.text]: translation };
  });
  return JSON.stringify({ [list]: items });
}
