import type { OnSaved } from '../cache/saved-call.ts';
import type { TranslationKey } from '../cache/translation-key.ts';
import type { Clock } from '../clock.ts';
import type { Flights, Joined } from './flights.ts';
import { leadFlight } from './lead-flight.ts';
import { cancelledWhileWaiting, orAborted } from './or-aborted.ts';
import { joinedResult } from './shared-call.ts';
import { longTextMs } from '../long-text.ts';
import type { JobRequest, TranslationResult, TranslationService } from '../service/translation-service.ts';

export interface JoiningServiceOptions {
  readonly flights: Flights;
  readonly keyOf: TranslationKey;
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
  /** Gives a name that nobody else has. */
  readonly newMember: () => string;
  readonly onSaved: OnSaved;
}

const lookAtLeastMs = 25;
const lookAtMostMs = 50;
/** Who has waited so long for the calls of others, one of which failed after the other, makes its own; longer for a long text. */
const followAtMostMs = 10_000;

/**
 * Makes one call of equal requests, whichever process they come to: a partial that another session speaks too, or a final
 * whose text is that of its last partial. Whoever comes first leads, the others follow, and take over where the lead
 * ends without a result. Where the flights can't be asked, everybody makes a call of its own. Who follows hears no
 * progress.
 */
export function createJoiningService(service: TranslationService, options: JoiningServiceOptions): TranslationService {
  const { flights, keyOf, clock, onSaved } = options;

  type Call = (request: JobRequest) => Promise<TranslationResult>;

  async function joinOrLead(request: JobRequest, call: Call): Promise<TranslationResult> {
    const key = keyOf(request);
    if (key === undefined) return call(request);
    const { kind } = request;
    const member = options.newMember();
    const until = stopSignal(request);
    const startedAt = clock.now();
    const waitedMs = (): number => clock.now() - startedAt;
    for (let hasFollowed = false; ; hasFollowed = true) {
      const joined = await ask(key, { member, kind }, until);
      if (joined.status === 'lead') return leadFlight({ flights, clock, key, member }, request, call);
      if (joined.status === 'landed' || joined.status === 'cached') {
        const isCached = joined.status === 'cached' && !hasFollowed;
        onSaved(request, isCached ? 'cache' : 'joined-elsewhere');
        const result = joinedResult(joined, waitedMs());
        return isCached ? { ...result, cached: true, joined: false } : result;
      }
      if (joined.status === 'alone' || waitedMs() > followAtMostMs + longTextMs(request.text)) {
        if (joined.status === 'follow') leave(key, member);
        return call(request);
      }
      await lookAgain(key, member, until);
    }
  }

  /** A flight that is joined after all, once nobody waits for the answer any more, is left again: others would wait for it. */
  async function ask(
    key: string,
    who: Pick<JobRequest, 'kind'> & { member: string },
    until: AbortSignal,
  ): Promise<Joined> {
    const { member } = who;
    const asked = flights.join(key, { ...who, mayFollow: true }).catch((): Joined => {
      leave(key, member);
      return { status: 'alone' };
    });
    try {
      return await orAborted(asked, until);
    } catch (error) {
      void asked.then(({ status }) => {
        if (status === 'lead' || status === 'follow') leave(key, member);
      });
      throw error;
    }
  }

  function leave(key: string, member: string): void {
    flights.leave(key, member, 'always').catch(() => undefined); // It lapses by itself.
  }

  async function lookAgain(key: string, member: string, until: AbortSignal): Promise<void> {
    try {
      await clock.delay(lookAtLeastMs + options.random() * (lookAtMostMs - lookAtLeastMs), until);
    } catch (cause) {
      leave(key, member);
      throw cancelledWhileWaiting(cause);
    }
  }

  return {
    translatePartial: (request) => joinOrLead(request, (given) => service.translatePartial(given)),
    translateFinal: (request, final) => joinOrLead(request, (given) => service.translateFinal(given, final)),
  };
}

function stopSignal({ signal, unwanted }: JobRequest): AbortSignal {
  return unwanted === undefined ? signal : AbortSignal.any([signal, unwanted]);
}
