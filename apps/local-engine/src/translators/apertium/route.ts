import { languageAndScript, type LanguageTag } from '@parley/protocol';
import type { LanguagePair } from '../translator.ts';
import { isSameLanguage, languageTagOf, lookupTags } from './language-codes.ts';

/** A pair that Apertium translates directly, in its own codes, such as `eng` and `spa`. */
export interface ApertiumPair {
  readonly source: string;
  readonly target: string;
}

/** The pairs to translate through, in order. */
export type Route = readonly ApertiumPair[];

/** Every hop costs quality and time, so at most two intermediate languages are used. */
const maxHops = 3;

interface Step extends ApertiumPair {
  readonly from: LanguageTag;
  readonly to: LanguageTag;
}

/** Routes between languages through the installed pairs. */
export class RouteTable {
  readonly #routes: ReadonlyMap<LanguageTag, ReadonlyMap<LanguageTag, Route>>;

  constructor(pairs: readonly ApertiumPair[]) {
    const steps = pairs.flatMap(toStep).sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
    const sources = [...new Set(steps.map(({ from }) => from))];
    this.#routes = new Map(sources.map((source) => [source, shortestRoutes(source, steps)]));
  }

  /** All pairs with a route, as BCP 47 tags. */
  get pairs(): LanguagePair[] {
    return [...this.#routes].flatMap(([source, routes]) =>
      [...routes.keys()].map((target) => [source, target] as const),
    );
  }

  /**
   * Returns the shortest route. If a regional tag has none, the more general one is used (`en` for `en-GB`), but never one in
   * another script. An exact target takes precedence over an exact source.
   */
  find(source: LanguageTag, target: LanguageTag): Route | undefined {
    for (const targetTag of writtenAs(target)) {
      for (const sourceTag of writtenAs(source)) {
        const route = this.#routes.get(sourceTag)?.get(targetTag);
        if (route !== undefined) return route;
      }
    }
    return undefined;
  }
}

function writtenAs(tag: LanguageTag): LanguageTag[] {
  return lookupTags(tag).filter((general) => languageAndScript(general) === languageAndScript(tag));
}

function toStep(pair: ApertiumPair): Step[] {
  const from = languageTagOf(pair.source);
  const to = languageTagOf(pair.target);
  return from === undefined || to === undefined || isSameLanguage(from, to) ? [] : [{ ...pair, from, to }];
}

/** Breadth-first search. A route never returns to a language, not even to another variety of it. */
function shortestRoutes(source: LanguageTag, steps: readonly Step[]): ReadonlyMap<LanguageTag, Route> {
  const routes = new Map<LanguageTag, readonly Step[]>();
  let reached: (readonly Step[])[] = [[]];
  for (let hops = 1; hops <= maxHops; hops += 1) {
    const next: (readonly Step[])[] = [];
    for (const route of reached) {
      const here = route.at(-1)?.to ?? source;
      const visited = [source, ...route.map(({ to }) => to)];
      for (const step of steps) {
        if (step.from !== here || routes.has(step.to) || visited.some((tag) => isSameLanguage(tag, step.to))) continue;
        const longer = [...route, step];
        routes.set(step.to, longer);
        next.push(longer);
      }
    }
    reached = next;
  }
  return routes;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
