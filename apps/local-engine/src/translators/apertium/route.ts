import { languageAndScript, type LanguageTag } from '@parley/protocol';
import type { LanguagePair } from '../translator.ts';
import { isSameLanguage, languageTagOf, lookupTags } from './language-codes.ts';

/** A pair that Apertium translates directly, in its own codes, such as `eng` and `spa`. */
export interface ApertiumPair {
  readonly source: string;
  readonly target: string;
}

/** The pairs to go through, one after the other. */
export type Route = readonly ApertiumPair[];

/** Every further hop costs quality and time: at most two languages lie between source and target. */
const maxHops = 3;

interface Step extends ApertiumPair {
  readonly from: LanguageTag;
  readonly to: LanguageTag;
}

/** Ways between languages over the pairs that are installed. */
export class RouteTable {
  readonly #routes: ReadonlyMap<LanguageTag, ReadonlyMap<LanguageTag, Route>>;

  constructor(pairs: readonly ApertiumPair[]) {
    const steps = pairs.flatMap(toStep).sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
    const sources = [...new Set(steps.map(({ from }) => from))];
    this.#routes = new Map(sources.map((source) => [source, shortestRoutes(source, steps)]));
  }

  /** Every pair that there is a route for, in BCP 47. */
  get pairs(): LanguagePair[] {
    return [...this.#routes].flatMap(([source, routes]) =>
      [...routes.keys()].map((target) => [source, target] as const),
    );
  }

  /**
   * The shortest route. Where a regional tag has none the more general one stands for it: `en-GB` for `en`, but none in
   * another script. The target is kept as exact as possible before the source.
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

/** Breadth first; a route never comes back to a language that it has been in, not even to another variety of it. */
function shortestRoutes(source: LanguageTag, steps: readonly Step[]): ReadonlyMap<LanguageTag, Route> {
  const routes = new Map<LanguageTag, readonly Step[]>();
  let reached: (readonly Step[])[] = [[]];
  for (let hops = 1; hops <= maxHops; hops += 1) {
    const next: (readonly Step[])[] = [];
    for (const route of reached) {
      const here = route.at(-1)?.to ?? source;
      const been = [source, ...route.map(({ to }) => to)];
      for (const step of steps) {
        if (step.from !== here || routes.has(step.to) || been.some((tag) => isSameLanguage(tag, step.to))) continue;
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
