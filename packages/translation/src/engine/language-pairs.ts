import { languageAndScript, lookUpLanguage, type LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from './engine.ts';

/** The language pairs that an engine lists, extended to language tags that it does not list. */
export class LanguagePairs {
  readonly #listed: ReadonlySet<string> | undefined;
  /** Pairs of two varieties of one language, such as `pt` and `pt-BR`. */
  readonly #varieties: readonly (readonly [LanguageTag, LanguageTag])[];

  /** @param pairs as [source, target]; `undefined`: any */
  constructor(pairs: EngineCapabilities['languagePairs']) {
    this.#listed = pairs && new Set(pairs.map(([source, target]) => named(source, target)));
    this.#varieties = (pairs ?? []).filter(([source, target]) => isOneLanguage(source, target));
  }

  /**
   * Whether the engine may translate from `source` to `target`; `false` only if it is known not to. A listed `es` covers
   * `es-MX`, but no other script. Pairs of varieties of one language, such as `pt` to `pt-BR`, must be listed themselves.
   */
  supports(source: LanguageTag, target: LanguageTag): boolean {
    if (this.#listed === undefined) return true;
    if (!isOneLanguage(source, target)) return this.#listed.has(named(source, target));
    return this.#varieties.some(
      ([from, to]) => lookUpLanguage(source, [from]) !== undefined && lookUpLanguage(target, [to]) !== undefined,
    );
  }
}

function named(source: LanguageTag, target: LanguageTag): string {
  return `${languageAndScript(source)} ${languageAndScript(target)}`;
}

function isOneLanguage(one: LanguageTag, other: LanguageTag): boolean {
  return languageAndScript(one) === languageAndScript(other);
}
