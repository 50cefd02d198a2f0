import { canonicalLanguageTag, nearestLanguage, undeterminedLanguage, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseReply } from '../reply-json.ts';

/** LibreTranslate's codes that differ from BCP 47; some are used by older servers only. */
const tags: Readonly<Record<string, LanguageTag>> = { zt: 'zh-Hant', pb: 'pt-BR' };

/** The code that requests language detection. */
export const detectedCode = 'auto';

/** Converts a server's code to a BCP 47 tag; `undefined` if it is invalid. */
export function tagOf(code: string): LanguageTag | undefined {
  return tags[code] ?? canonicalLanguageTag(code);
}

/**
 * Returns the server's code for a language: its own, or that of another region. Scripts are not interchangeable: Chinese has
 * two codes, and `zh-TW` is `zh-Hant`. `undefined`: not supported.
 */
export function codeOf(tag: LanguageTag, codes: ReadonlySet<string>): string | undefined {
  const listed = new Map<LanguageTag, string>();
  for (const code of codes) {
    const listedTag = tagOf(code);
    if (listedTag !== undefined && !listed.has(listedTag)) listed.set(listedTag, code);
  }
  return listed.get(nearestLanguage(tag, [...listed.keys()]) ?? '');
}

const languageSchema = z.object({ code: z.string(), targets: z.array(z.string()).optional().catch(undefined) });
/** Malformed entries are ignored. */
const languagesSchema = z
  .array(languageSchema.optional().catch(undefined))
  .transform((entries) => entries.filter((entry) => entry !== undefined));

/** The languages that a server translates, in its own codes. */
export class Languages {
  readonly #targets: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param json response to `GET /languages`; on old servers, languages without targets support all */
  constructor(json: unknown) {
    const listed = parseReply(languagesSchema, json);
    const codes = listed.map(({ code }) => code);
    this.#targets = new Map(listed.map(({ code, targets = codes }) => [code, new Set(targets)]));
  }

  /**
   * Returns the server's codes for a pair; `undefined` if it is not supported or both have the same code, as two varieties of
   * a language may.
   */
  pair(source: LanguageTag, target: LanguageTag): { readonly source: string; readonly target: string } | undefined {
    const from = source === undeterminedLanguage ? detectedCode : codeOf(source, new Set(this.#targets.keys()));
    const to = from === undefined ? undefined : codeOf(target, this.#targetsFrom(from));
    return from === undefined || to === undefined || from === to ? undefined : { source: from, target: to };
  }

  /** All pairs as BCP 47 tags; the server detects an undetermined source language. */
  get pairs(): EngineCapabilities['languagePairs'] {
    return [...this.#targets.keys(), detectedCode].flatMap((from) => {
      const source = tagOf(from);
      const known = [...this.#targetsFrom(from)].filter((to) => to !== from).map(tagOf);
      return known.flatMap((target) =>
        source === undefined || target === undefined ? [] : [[source, target] as const],
      );
    });
  }

  #targetsFrom(code: string): ReadonlySet<string> {
    if (code !== detectedCode) return this.#targets.get(code) ?? new Set();
    return new Set([...this.#targets.values()].flatMap((targets) => [...targets]));
  }
}
