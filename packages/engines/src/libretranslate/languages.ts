import { canonicalLanguageTag, nearestLanguage, undeterminedLanguage, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseReply } from '../reply-json.ts';

/** Codes of LibreTranslate that BCP 47 writes otherwise, some of them of older servers only. */
const tags: Readonly<Record<string, LanguageTag>> = { zt: 'zh-Hant', pb: 'pt-BR' };

/** Has the server detect the language. */
export const detectedCode = 'auto';

/** A server's code as a BCP 47 tag; `undefined` where it is none. */
export function tagOf(code: string): LanguageTag | undefined {
  return tags[code] ?? canonicalLanguageTag(code);
}

/**
 * The code under which a server lists a language: its own or, since an accent is no language, that of another region.
 * Another script is another language to a translator: Chinese is listed twice, and `zh-TW` is `zh-Hant`. `undefined`: it
 * has none.
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
/** An entry of another form is no language that could be asked for. */
const languagesSchema = z
  .array(languageSchema.optional().catch(undefined))
  .transform((entries) => entries.filter((entry) => entry !== undefined));

/** What a server translates, in its own codes. */
export class Languages {
  readonly #targets: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param json the answer to `GET /languages`; a language without targets, on an old server, has all of them */
  constructor(json: unknown) {
    const listed = parseReply(languagesSchema, json);
    const codes = listed.map(({ code }) => code);
    this.#targets = new Map(listed.map(({ code, targets = codes }) => [code, new Set(targets)]));
  }

  /**
   * The server's codes for a pair, or `undefined` where it doesn't translate it: two varieties of a language may well have
   * the same code.
   */
  pair(source: LanguageTag, target: LanguageTag): { readonly source: string; readonly target: string } | undefined {
    const from = source === undeterminedLanguage ? detectedCode : codeOf(source, new Set(this.#targets.keys()));
    const to = from === undefined ? undefined : codeOf(target, this.#targetsFrom(from));
    return from === undefined || to === undefined || from === to ? undefined : { source: from, target: to };
  }

  /** All pairs, as BCP 47; the server detects a language that isn't named. */
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
