import { sessionKeys } from '../redis/keys.ts';
import { asStatus, commaSeparated } from '../redis/reply.ts';
import type { ListenersChanged } from '../session/listeners-changed.ts';
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

const refusals = ['gone', 'fenced', 'forgotten', 'ending', 'settled', 'too-old', 'too-many-open', 'stale'] as const;

/** Why a partial was not let in. */
export type PutRefusal = ListenersChanged | { status: (typeof refusals)[number] };

export type PutResult = { status: 'put'; tickets: SlotTicket[]; superseded: number } | PutRefusal;

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
  ];
}

/** Reads whether the partial was let in. */
export function admissionIn([word, wanted = '']: readonly string[]): { status: 'put' } | PutRefusal {
  const status = asStatus(word, ['put', 'listeners', ...refusals]);
  return status === 'listeners' ? { status, listenerTargets: commaSeparated(wanted) } : { status };
}

/** Reads the answer to a put: for each target a ticket or '', and whether the revision superseded another one. */
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
  };
}
