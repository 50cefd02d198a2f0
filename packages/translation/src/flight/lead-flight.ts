import { keptAs } from '../cache/translation-cache.ts';
import type { Clock } from '../clock.ts';
import type { Flights } from './flights.ts';
import type { JobRequest, TranslationResult } from '../service/translation-service.ts';

/** A flight and who leads it. */
export interface LedFlight {
  readonly flights: Flights;
  readonly clock: Clock;
  readonly key: string;
  readonly member: string;
}

/**
 * Makes the call of a flight. It goes on as long as its own caller or a follower wants it; where it ends without a
 * result, a follower leads the flight from then on.
 */
export async function leadFlight(
  flight: LedFlight,
  request: JobRequest,
  call: (request: JobRequest) => Promise<TranslationResult>,
): Promise<TranslationResult> {
  const { flights, key, member } = flight;
  const unwantedByAll = new AbortController();
  const ended = new AbortController();
  /** A renewal that is sent after the flight was left would lead it again. */
  let leaving = false;
  const giveUp = async (): Promise<void> => {
    if (leaving) return;
    leaving = true;
    const answer = await flights.leave(key, member, 'unless-followed').catch(() => 'left' as const);
    if (answer === 'left') unwantedByAll.abort(request.unwanted?.reason);
    else leaving = false;
  };
  const onUnwanted = (): void => void giveUp();
  request.unwanted?.addEventListener('abort', onUnwanted, { once: true });
  if (request.unwanted?.aborted === true) onUnwanted();
  const renewed = whileUnderWay(flight, ended.signal, async () => {
    if (request.unwanted?.aborted === true) await giveUp();
    if (!leaving) await flights.join(key, { member, kind: request.kind, mayFollow: false });
  });
  try {
    const result = await call({ ...request, unwanted: unwantedByAll.signal });
    // Nobody here waits for it; followers who don't get it see the lead lapse. What may be no translation isn't given
    // to them: one of them makes a call of its own.
    leaving = true;
    const told = result.suspect
      ? flights.leave(key, member, 'always')
      : flights.land(key, keptAs(request.kind, result), result.text);
    told.catch(() => undefined);
    return result;
  } catch (error) {
    ended.abort();
    await renewed;
    await flights.leave(key, member, 'always').catch(() => undefined);
    throw error;
  } finally {
    ended.abort();
    request.unwanted?.removeEventListener('abort', onUnwanted);
  }
}

async function whileUnderWay(
  { flights, clock }: LedFlight,
  ended: AbortSignal,
  renew: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const delay = clock.delay(flights.renewEveryMs, ended).then(
      () => true,
      () => false,
    );
    if (!(await delay)) return;
    await renew().catch(() => undefined); // Asked again at the next renewal.
  }
}
