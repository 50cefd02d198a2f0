import type { LanguageTag } from '@parley/protocol';
import {
  EngineDownError,
  EngineError,
  LanguagePairUnsupportedError,
  type Engine,
  type EngineAnswer,
  type EngineCapabilities,
  type TranslationRequest,
} from '@parley/translation';
import { failedCallOutcome, goesOn, isNoAttempt } from '../endpoint/call-outcome.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { lacksCapacity, selectError } from './select-error.ts';

type Pairs = EngineCapabilities['languagePairs'];

/** Attempts at one endpoint, each over a different connection, before the next endpoint is used. */
const attemptsEach = 2;

/**
 * Combines several endpoints into one engine. A call goes to the first endpoint of its kind that can serve it; one with an
 * open circuit, without capacity, without the language pair, or that rejects the call is skipped at once. Failed calls are
 * not repeated here: the caller retries with `earlierAttempts`, and every second attempt, or the first after a bad reply
 * (`strict`), uses the next endpoint. If an endpoint merely had no capacity for a final, that is the error thrown, whatever
 * happens at the others. The last try of a final uses all endpoints in turn, including those with an open circuit.
 *
 * @param endpoints in order of preference, with at least one each for partials and finals
 * @param onFailover called when another endpoint than the first of its kind served a call
 * @throws EngineDownError from `translate` if every endpoint of the kind has failed too often recently
 */
export function createFailoverEngine(
  endpoints: readonly Endpoint[],
  onFailover: (kind: TranslationRequest['kind']) => void,
): Engine {
  const ofKind = {
    partial: endpoints.filter((endpoint) => endpoint.serves('partial')),
    final: endpoints.filter((endpoint) => endpoint.serves('final')),
  };
  let closed: Promise<void> | undefined;

  async function translate(request: TranslationRequest, onText?: (text: string) => void): Promise<EngineAnswer> {
    const { kind } = request;
    const errors: EngineError[] = [];
    const unable = new Set<Endpoint>();
    for (const endpoint of endpointOrder(ofKind[kind], request)) {
      const received = { hasBegun: false };
      try {
        const answer = await endpoint.call(request, (text) => {
          received.hasBegun = true;
          onText?.(text);
        });
        if (endpoint !== ofKind[kind][0]) onFailover(kind);
        // Endpoints that do not support the languages do not make this one a fallback.
        const first = ofKind[kind].find((one) => one.mayTranslate(request) && !unable.has(one));
        return endpoint === first ? answer : { ...answer, isFallback: true };
      } catch (error) {
        // Text already passed on cannot be retracted, so no other endpoint may start over.
        if (received.hasBegun || !(error instanceof EngineError) || !asksNext(error, request, errors)) throw error;
        errors.push(error);
        if (error instanceof LanguagePairUnsupportedError) unable.add(endpoint);
      }
    }
    throw selectError(errors);
  }

  return {
    name: endpoints.map(({ name }) => name).join(', '),

    identity: (kind) => ofKind[kind].map(({ engine }) => engine.identity(kind)).join(', '),

    /**
     * As the first endpoint that translates partials between the languages does. If it doesn't, the others translate without
     * it as well, so that equal partials share a translation.
     */
    usesPrevious(languages) {
      const first = ofKind.partial.find((endpoint) => endpoint.mayTranslate(languages));
      return first?.engine.usesPrevious(languages) ?? false;
    },

    callCapacity() {
      const called = ofKind.partial.find(({ isCalled }) => isCalled) ?? ofKind.partial[0];
      return called?.engine.callCapacity?.() ?? { calls: Infinity, lingering: 0 };
    },

    /** Warms all endpoints, then throws the first error. */
    async warm(signal) {
      const warmed = await Promise.allSettled(endpoints.map(({ engine }) => engine.warm(signal)));
      for (const outcome of warmed) if (outcome.status === 'rejected') throw outcome.reason;
    },

    /**
     * The pairs whose finals can be translated. A pair without an endpoint for partials has no previews. Endpoints that do not
     * reply are ignored if another one does.
     */
    async capabilities(signal) {
      const asked = await Promise.allSettled(endpoints.map((endpoint) => endpoint.learnPairs(signal)));
      const answers = asked.filter((_, index) => endpoints[index]?.serves('final'));
      const known = answers.filter((answer) => answer.status === 'fulfilled');
      if (known.length > 0) return { languagePairs: unionOfPairs(known.map(({ value }) => value)) };
      throw answers.find((answer) => answer.status === 'rejected')?.reason;
    },

    translate,

    close: () => (closed ??= Promise.all(endpoints.map(({ engine }) => engine.close())).then(() => undefined)),
  };
}

/** Whether the next endpoint is tried after this one failed with `error` and those before it with `earlier`. */
function asksNext(
  error: EngineError,
  { kind, isLastTry }: TranslationRequest,
  earlier: readonly EngineError[],
): boolean {
  const outcome = failedCallOutcome(error);
  if (error instanceof EngineDownError || goesOn(outcome, kind)) return true;
  if (isLastTry === true && outcome === 'unavailable') return true;
  return kind === 'final' && isNoAttempt(outcome) && earlier.some(lacksCapacity);
}

/**
 * Rotates the endpoints to start with the one for this attempt. Each gets two attempts in a row, but only one after a bad
 * reply, since it would give another. After the last endpoint, the first follows again.
 */
function endpointOrder(
  endpoints: readonly Endpoint[],
  { earlierAttempts = 0, strict = false }: TranslationRequest,
): readonly Endpoint[] {
  const rounds = earlierAttempts / attemptsEach;
  const first = (strict ? Math.ceil(rounds) : Math.floor(rounds)) % Math.max(1, endpoints.length);
  return [...endpoints.slice(first), ...endpoints.slice(0, first)];
}

/** Returns the pairs that any of the endpoints supports, without duplicates; `undefined` if one supports all. */
function unionOfPairs(all: readonly Pairs[]): Pairs {
  const union = new Map<string, readonly [LanguageTag, LanguageTag]>();
  for (const pairs of all) {
    if (pairs === undefined) return undefined;
    for (const pair of pairs) union.set(pair.join(' '), pair);
  }
  return [...union.values()];
}
