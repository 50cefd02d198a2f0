import type { LanguageTag } from '@parley/protocol';
import type { EngineCapabilities } from '@parley/translation';
import { z } from 'zod';
import { parseReply } from '../reply-json.ts';
import { codeOf, tagOf } from './language-codes.ts';

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
