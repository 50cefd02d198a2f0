import { isBlank } from '@parley/protocol';
import { sessionKeys } from '../redis/keys.ts';
import { asStatus, commaSeparated } from '../redis/reply.ts';
import type { ListenersChanged } from '../session/listeners-changed.ts';
import { callsInFlight, type CallInFlight } from '../thread/call-in-flight.ts';
import type { Spoken } from './spoken.ts';
import { ticketIn, type SlotTicket } from './ticket.ts';

/** How long a slot stays that nobody puts anything into. */
const idleSlotMs = 120_000;

/** A partial on its way into the slots of its targets. */
export interface PutPartial {
  readonly sessionId: string;
  readonly connection: string;
  readonly segmentId: number;
  readonly revision: number;
  readonly text: string;
  readonly spoken: Spoken;
  readonly targets: readonly string[];
  /** What listeners want, as its edge has heard. */
  readonly listenerTargets: readonly string[];
  readonly maxOpenSegments: number;
}

const refusals = ['gone', 'fenced', 'forgotten', 'ending', 'settled', 'too-old', 'stale'] as const;

/** Why a partial was not let in. */
export type PutRefusal = ListenersChanged | { status: (typeof refusals)[number] };

/** What was evicted for the first partial of another segment. */
export interface Evicted {
  /** Open segments that lost their slots: the next partial of one opens it again. */
  readonly segments: readonly number[];
  /** The calls in flight on them: they are to be cancelled. */
  readonly calls: readonly CallInFlight[];
}

export type ShowResult = { status: 'put'; evicted: Evicted } | PutRefusal;

export type PutResult = { status: 'put'; tickets: SlotTicket[]; superseded: number; evicted: Evicted } | PutRefusal;

/** What the scripts judge by whether the partial is let in, see `admit.lua`. */
export function admissionArgs(partial: PutPartial): (string | number)[] {
  const { connection, segmentId, revision, maxOpenSegments, listenerTargets } = partial;
  return [
    connection,
    segmentId,
    revision,
    maxOpenSegments,
    idleSlotMs,
    `${sessionKeys(partial.sessionId).channel}:slot:`,
    listenerTargets.join(','),
    isBlank(partial.text) ? 1 : 0,
  ];
}

/** Reads the answer to a show: whether the partial was let in, and what was evicted for it. */
export function showResultIn(words: readonly string[]): ShowResult {
  const admission = admissionIn(words);
  return admission.status === 'put' ? { status: 'put', evicted: evictedIn(words.slice(1)) } : admission;
}

function admissionIn([word, wanted = '']: readonly string[]): { status: 'put' } | PutRefusal {
  const status = asStatus(word, ['put', 'listeners', ...refusals]);
  return status === 'listeners' ? { status, listenerTargets: commaSeparated(wanted) } : { status };
}

function evictedIn([segments = '', ...calls]: readonly string[]): Evicted {
  return { segments: commaSeparated(segments).map(Number), calls: callsInFlight(calls) };
}

/** Reads the answer to a put: for each target a ticket or '', and whether the revision superseded another one; then what was evicted. */
export function putResultIn(words: readonly string[], { segmentId, targets }: PutPartial): PutResult {
  const admission = admissionIn(words);
  if (admission.status !== 'put') return admission;
  const [, ...rest] = words;
  return {
    status: 'put',
    tickets: targets.flatMap((target, index) => {
      const due = ticketIn(rest[index * 2]);
      return due === undefined ? [] : [{ segmentId, target, ...due }];
    }),
    superseded: targets.filter((_target, index) => rest[index * 2 + 1] === '1').length,
    evicted: evictedIn(rest.slice(targets.length * 2)),
  };
}
