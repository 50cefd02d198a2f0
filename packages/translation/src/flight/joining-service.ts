import type { Clock } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import { EngineCancelledError } from '../engine/engine-error.ts';
import { flightKey } from './flight-key.ts';
import type { FlightResult, Flights, Joined } from './flights.ts';
import { leadFlight } from './lead-flight.ts';
import type { JobRequest, TranslationResult, TranslationService } from '../service/translation-service.ts';

export interface JoiningServiceOptions {
  readonly flights: Flights;
  /** What makes the translations of a kind: only where it is the same, a final takes over a partial's call. */
  readonly identity: Engine['identity'];
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
  /** Gives a name that nobody else has. */
  readonly newMember: () => string;
}

const lookAtLeastMs = 25;
const lookAtMostMs = 50;

/**
 * Makes one call of equal requests: a final whose text is that of its last partial takes over the result of the
 * partial's call, under way or just done. Partials lead, finals follow or lead. Where the flights can't be asked,
 * everybody makes a call of its own. Who follows hears no progress.
 */
export function createJoiningService(service: TranslationService, options: JoiningServiceOptions): TranslationService {
  const { flights, clock } = options;

  type Call = (request: JobRequest) => Promise<TranslationResult>;

  /** Its call is made in any case, so it doesn't wait for the flight; where another leads that, only the result is told. */
  function lead(request: JobRequest, call: Call): Promise<TranslationResult> {
    const key = flightKey(request, options.identity(request.kind));
    if (key === undefined) return call(request);
    const member = options.newMember();
    flights.join(key, member, { mayFollow: false }).catch(() => undefined);
    return leadFlight({ flights, clock, key, member }, request, call);
  }

  async function joinOrLead(request: JobRequest, call: Call): Promise<TranslationResult> {
    const key = flightKey(request, options.identity(request.kind));
    if (key === undefined) return call(request);
    const member = options.newMember();
    const until = stopSignal(request);
    const startedAt = clock.now();
    for (;;) {
      const joined = await ask(key, member, until);
      if (joined.status === 'alone') return call(request);
      if (joined.status === 'lead') return leadFlight({ flights, clock, key, member }, request, call);
      if (joined.status === 'landed') return taken(joined.result, clock.now() - startedAt);
      await lookAgain(key, member, until);
    }
  }

  async function ask(key: string, member: string, until: AbortSignal): Promise<Joined> {
    const asked = flights.join(key, member, { mayFollow: true }).catch((): Joined => ({ status: 'alone' }));
    return await orAborted(asked, until);
  }

  async function lookAgain(key: string, member: string, until: AbortSignal): Promise<void> {
    try {
      await clock.delay(lookAtLeastMs + options.random() * (lookAtMostMs - lookAtLeastMs), until);
    } catch (cause) {
      flights.leave(key, member, 'always').catch(() => undefined); // It lapses by itself.
      throw cancelled(cause);
    }
  }

  return {
    translatePartial: (request) => lead(request, (given) => service.translatePartial(given)),
    translateFinal: (request, final) => joinOrLead(request, (given) => service.translateFinal(given, final)),
  };
}

function stopSignal({ signal, unwanted }: JobRequest): AbortSignal {
  return unwanted === undefined ? signal : AbortSignal.any([signal, unwanted]);
}

function taken({ text }: FlightResult, waitedMs: number): TranslationResult {
  return { text, usage: undefined, engineMs: waitedMs, attempts: 0, cached: false, joined: true };
}

function cancelled(cause: unknown): EngineCancelledError {
  return new EngineCancelledError('the call was cancelled while it waited for the one that it joined', { cause });
}

/** A store that doesn't answer must not hold a caller who is told to stop. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(cancelled(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
