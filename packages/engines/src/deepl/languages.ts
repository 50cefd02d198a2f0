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

/** Malformed entries are ignored. */
const languagesSchema = z
  .array(z.object({ language: z.string() }).optional().catch(undefined))
  .transform((entries) => entries.flatMap((entry) => (entry === undefined ? [] : [entry.language])));

/** A language tag with DeepL's code for it. */
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

/** Adds the most likely region to a tag without one: `en` becomes `en-US`, `pt` becomes `pt-BR`. */
function withUsualRegion(tag: LanguageTag): LanguageTag {
  const { language, script, region } = new Intl.Locale(tag).maximize();
  const likely = new Intl.Locale(tag).script === undefined ? undefined : script;
  return canonicalLanguageTag([language, likely, region].filter((part) => part !== undefined).join('-')) ?? tag;
}

/**
 * The languages that DeepL translates. Sources have no region (`EN`, `PT`, `ZH`); some targets require a region or script:
 * `EN-US`, `PT-BR`, `ZH-HANT`.
 */
export class DeepLLanguages {
  readonly #sources: readonly Listed[];
  readonly #targets: readonly Listed[];

  /** @param sources response to `GET /v2/languages?type=source` @param targets the same with `type=target` */
  constructor(sources: unknown, targets: unknown) {
    this.#sources = read(sources);
    this.#targets = read(targets);
  }

  /**
   * Returns DeepL's codes for a pair; `undefined` if unsupported, as between varieties of one language. DeepL detects an
   * undetermined source language.
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

  /** All pairs as BCP 47 tags. A source can be written in any of its language's scripts. */
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
