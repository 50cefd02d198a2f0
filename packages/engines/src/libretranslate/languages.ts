import type { LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseJson, parseReply } from '../reply-json.ts';
import { codeOf, tagOf } from './language-codes.ts';

const languagesSchema = z.array(z.object({ code: z.string(), targets: z.array(z.string()).optional() }));

/** What a server translates, in its own codes. */
export class Languages {
  readonly #targets: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param text the answer to `GET /languages`; a language without targets, on an old server, has all of them */
  constructor(text: string) {
    const listed = parseReply(languagesSchema, parseJson(text));
    const codes = listed.map(({ code }) => code);
    this.#targets = new Map(listed.map(({ code, targets = codes }) => [code, new Set(targets)]));
  }

  /** The server's codes for a pair, or `undefined` where it doesn't translate it. */
  pair(source: LanguageTag, target: LanguageTag): { readonly source: string; readonly target: string } | undefined {
    const from = codeOf(source, new Set(this.#targets.keys()));
    const to = from === undefined ? undefined : codeOf(target, this.#targets.get(from) ?? new Set());
    return from === undefined || to === undefined ? undefined : { source: from, target: to };
  }

  /** All pairs, as BCP 47. */
  get pairs(): EngineCapabilities['languagePairs'] {
    return [...this.#targets].flatMap(([from, targets]) => {
      const source = tagOf(from);
      const known = [...targets].filter((to) => to !== from).map(tagOf);
      return known.flatMap((target) =>
        source === undefined || target === undefined ? [] : [[source, target] as const],
      );
    });
  }
}
