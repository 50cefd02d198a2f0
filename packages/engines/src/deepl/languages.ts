import {
  canonicalLanguageTag,
  lookUpLanguage,
  nearestLanguage,
  undeterminedLanguage,
  type LanguageTag,
} from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseReply } from '../reply-json.ts';

/** An entry of another form is no language that could be asked for. */
const languagesSchema = z
  .array(z.object({ language: z.string() }).optional().catch(undefined))
  .transform((entries) => entries.flatMap((entry) => (entry === undefined ? [] : [entry.language])));

/** A language with DeepL's own code for it. */
interface Listed {
  readonly code: string;
  readonly tag: LanguageTag;
}

function read(json: unknown): readonly Listed[] {
  return parseReply(languagesSchema, json).flatMap((code) => {
    const tag = canonicalLanguageTag(code);
    return tag === undefined ? [] : [{ code, tag }];
  });
}

function languageOf(tag: LanguageTag): string {
  return new Intl.Locale(tag).language;
}

/** The tag with the region that is meant where none is named: `en` is `en-US`, `pt` is `pt-BR`. */
function withUsualRegion(tag: LanguageTag): LanguageTag {
  const { language, script, region } = new Intl.Locale(tag).maximize();
  const likely = new Intl.Locale(tag).script === undefined ? undefined : script;
  return canonicalLanguageTag([language, likely, region].filter((part) => part !== undefined).join('-')) ?? tag;
}

/**
 * What DeepL translates. Sources have no regions (`EN`, `PT`, `ZH`); as targets some languages have to be named with one, or
 * with a script: `EN-US`, `PT-BR`, `ZH-HANT`.
 */
export class DeepLLanguages {
  readonly #sources: readonly Listed[];
  readonly #targets: readonly Listed[];

  /** @param sources the answer to `GET /v2/languages?type=source` @param targets that for `type=target` */
  constructor(sources: unknown, targets: unknown) {
    this.#sources = read(sources);
    this.#targets = read(targets);
  }

  /**
   * DeepL's codes for a pair, or `undefined` where it doesn't translate it, as between varieties of one language. It
   * detects a source that isn't named.
   */
  pair(
    source: LanguageTag,
    target: LanguageTag,
  ): { readonly source: string | undefined; readonly target: string } | undefined {
    const tags = this.#targets.map(({ tag }) => tag);
    const nearest = lookUpLanguage(target, tags) ?? nearestLanguage(withUsualRegion(target), tags);
    const to = this.#targets.find(({ tag }) => tag === nearest)?.code;
    if (to === undefined) return undefined;
    if (source === undeterminedLanguage) return { source: undefined, target: to };
    if (languageOf(source) === languageOf(target)) return undefined;
    const from = this.#sources.find(({ tag }) => languageOf(tag) === languageOf(source))?.code;
    return from === undefined ? undefined : { source: from, target: to };
  }

  /** All pairs, as BCP 47. A source is read in each script in which it can be written. */
  get pairs(): EngineCapabilities['languagePairs'] {
    const targets = this.#targets.map(({ tag }) => tag);
    const sources = this.#sources.flatMap(({ tag }) => [
      tag,
      ...targets.filter((target) => target !== tag && languageOf(target) === languageOf(tag)),
    ]);
    return [undeterminedLanguage, ...sources].flatMap((source) =>
      targets
        .filter((target) => languageOf(target) !== languageOf(source))
        .map((target): readonly [LanguageTag, LanguageTag] => [source, target]),
    );
  }
}
