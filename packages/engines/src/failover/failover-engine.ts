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

/** Calls at one endpoint, each over a connection of its own, before the next endpoint is asked. */
const attemptsEach = 2;

/**
 * One engine out of several endpoints. A call goes to the first that serves its kind; one whose circuit is open, whose
 * rate limit leaves no capacity, that does not know the languages, or that refuses the call is passed over at once. A
 * call that failed is not made again here: whoever asks again says by `earlierAttempts` how often it was in vain, and every
 * second time that is for another endpoint; after a bad reply (`strict`) it is at once. A final that only has to wait
 * for capacity at one of them is told so, whatever becomes of it at the others. The last try of a final asks them all, one
 * after the other, those whose circuit is open as well.
 *
 * @param endpoints in the order in which they are asked; partials and finals need one each
 * @param onFailover hears of a call that was served by another endpoint than the first one of its kind
 * @throws EngineDownError by `translate`, where every endpoint of the kind has failed too often lately
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
      const heard = { hasBegun: false };
      try {
        const answer = await endpoint.call(request, (text) => {
          heard.hasBegun = true;
          onText?.(text);
        });
        if (endpoint !== ofKind[kind][0]) onFailover(kind);
        // An endpoint that doesn't know the languages could not have made it at any other time either.
        const first = ofKind[kind].find((one) => one.mayTranslate(request) && !unable.has(one));
        return endpoint === first ? answer : { ...answer, isFallback: true };
      } catch (error) {
        // What was heard can't be taken back, so no other endpoint may begin anew.
        if (heard.hasBegun || !(error instanceof EngineError) || !asksNext(error, request, errors)) throw error;
        errors.push(error);
        if (error instanceof LanguagePairUnsupportedError) unable.add(endpoint);
      }
    }
    throw selectError(errors);
  }

  return {
    name: endpoints.map(({ name }) => name).join(', '),

    identity: (kind) => ofKind[kind].map(({ engine }) => engine.identity(kind)).join(', '),

    /** Warms them all, and then tells of the first that could not be. */
    async warm(signal) {
      const warmed = await Promise.allSettled(endpoints.map(({ engine }) => engine.warm(signal)));
      for (const outcome of warmed) if (outcome.status === 'rejected') throw outcome.reason;
    },

    /**
     * The pairs whose finals can be served: a pair without an endpoint for its partials has no previews, and one without
     * an endpoint for its finals is none. Endpoints that don't answer count for nothing while another one does.
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

/** Whether the next endpoint is asked after this one has failed with `error`, and those before it with `earlier`. */
function asksNext(error: EngineError, { kind, isLastTry }: TranslationRequest, earlier: readonly EngineError[]): boolean {
  const outcome = failedCallOutcome(error);
  if (error instanceof EngineDownError || goesOn(outcome, kind)) return true;
  if (isLastTry === true && outcome === 'unavailable') return true;
  return kind === 'final' && isNoAttempt(outcome) && earlier.some(lacksCapacity);
}

/**
 * The list, begun at the endpoint that is to be asked after so many attempts in vain. Each gets two in a row, but no
 * second one after a reply that was no translation: it would give another such. After the last comes the first again.
 */
function endpointOrder(
  endpoints: readonly Endpoint[],
  { earlierAttempts = 0, strict = false }: TranslationRequest,
): readonly Endpoint[] {
  const rounds = earlierAttempts / attemptsEach;
  const first = (strict ? Math.ceil(rounds) : Math.floor(rounds)) % Math.max(1, endpoints.length);
  return [...endpoints.slice(first), ...endpoints.slice(0, first)];
}

/** The pairs that one of several endpoints translates, each once; any, where one of them translates any. */
function unionOfPairs(all: readonly Pairs[]): Pairs {
  const union = new Map<string, readonly [LanguageTag, LanguageTag]>();
  for (const pairs of all) {
    if (pairs === undefined) return undefined;
    for (const pair of pairs) union.set(pair.join(' '), pair);
  }
  return [...union.values()];
}
