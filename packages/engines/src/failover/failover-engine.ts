import {
  EngineError,
  LanguagePairs,
  LanguagePairUnsupportedError,
  type Engine,
  type EngineCapabilities,
  type TranslationPiece,
  type TranslationRequest,
} from '@parley/translation';
import { failedCallOutcome, goesOn, isNoAttempt } from './call-outcome.ts';
import { endpointOrder } from './endpoint-order.ts';
import { lacksRoom, lastWord } from './last-word.ts';
import { Member, type FailoverEndpoint, type MemberOptions } from './member.ts';
import { unionOfPairs } from './union-of-pairs.ts';

export interface FailoverEngineOptions extends MemberOptions {
  /** In the order in which they are asked; partials and finals need one each. */
  readonly endpoints: readonly FailoverEndpoint[];
}

/**
 * One engine out of several endpoints. A call goes to the first that serves its kind; one whose circuit is open, whose
 * rate limit leaves no room, that does not know the languages, or that refuses the call is passed over at once. A call
 * that failed is not made again here: whoever asks again says by `earlierAttempts` how often it was in vain, and every
 * second time that is another endpoint's turn; after a bad reply (`strict`) it is at once. A final that only has to wait
 * for room at one of them is told so, whatever becomes of it at the others. The last try of a final asks them all, one after
 * the other, those whose circuit is open as well.
 *
 * @throws EngineDownError by `translate`, where every endpoint of the kind has failed too often lately
 */
export function createFailoverEngine(options: FailoverEngineOptions): Engine {
  const { endpoints, observer } = options;
  const members = endpoints.map((endpoint) => new Member(endpoint, options));
  const ofKind = {
    partial: members.filter((member) => member.serves('partial')),
    final: members.filter((member) => member.serves('final')),
  };
  let closed: Promise<void> | undefined;

  /** Whether an endpoint before it could make the translation at another time. One that doesn't know the languages never can. */
  function isStandIn(
    member: Member,
    { kind, source, target }: TranslationRequest,
    unable: ReadonlySet<Member>,
  ): boolean {
    return member !== ofKind[kind].find((one) => one.pairs.mayHold(source, target) && !unable.has(one));
  }

  async function* translate(request: TranslationRequest): AsyncGenerator<TranslationPiece> {
    const { kind } = request;
    const refusals: EngineError[] = [];
    const unable = new Set<Member>();
    const refuse = (member: Member, error: EngineError): void => {
      refusals.push(error);
      if (error instanceof LanguagePairUnsupportedError) unable.add(member);
    };
    for (const member of endpointOrder(ofKind[kind], request)) {
      const admission = member.admit(request);
      if (admission instanceof EngineError) {
        refuse(member, admission);
        continue;
      }
      let hasBegun = false;
      try {
        for await (const piece of member.ask(request, admission)) {
          hasBegun ||= piece.type === 'text';
          yield piece;
        }
        if (member !== ofKind[kind][0]) observer.failedOver(kind);
        if (isStandIn(member, request, unable)) yield { type: 'stand-in' };
        return;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        const outcome = failedCallOutcome(error);
        const hasTurn = kind === 'final' && !hasBegun && refusals.some(lacksRoom);
        const isLast = request.lastTry === true && !hasBegun && outcome === 'unavailable';
        if (!goesOn(outcome, kind) && !(hasTurn && isNoAttempt(outcome)) && !isLast) throw error;
        refuse(member, error);
      }
    }
    throw lastWord(refusals);
  }

  async function learnPairs(member: Member, signal: AbortSignal): Promise<EngineCapabilities['languagePairs']> {
    const { languagePairs } = await member.engine.capabilities(signal);
    member.pairs = new LanguagePairs(languagePairs);
    return languagePairs;
  }

  return {
    name: members.map((member) => member.name).join(', '),

    identity: (kind) => ofKind[kind].map((member) => member.engine.identity(kind)).join(', '),

    /** Warms them all, and then tells of the first that could not be. */
    async warm(signal) {
      const warmed = await Promise.allSettled(members.map((member) => member.engine.warm(signal)));
      for (const outcome of warmed) if (outcome.status === 'rejected') throw outcome.reason;
    },

    /**
     * The pairs whose finals can be served: a pair without an endpoint for its partials has no previews, and one without
     * an endpoint for its finals is none. Endpoints that don't answer count for nothing while another one does.
     */
    async capabilities(signal) {
      const asked = await Promise.allSettled(members.map((member) => learnPairs(member, signal)));
      const answers = asked.filter((_, index) => members[index]?.serves('final'));
      const known = answers.filter((answer) => answer.status === 'fulfilled');
      if (known.length > 0) return { languagePairs: unionOfPairs(known.map(({ value }) => value)) };
      throw answers.find((answer) => answer.status === 'rejected')?.reason;
    },

    translate,

    close: () => (closed ??= Promise.all(members.map((member) => member.engine.close())).then(() => undefined)),
  };
}
