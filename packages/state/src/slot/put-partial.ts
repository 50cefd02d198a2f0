import { sessionKeys } from '../redis/keys.ts';
import { asStatus } from '../redis/reply.ts';
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
  readonly maxOpenSegments: number;
}

const putStatuses = [
  'put',
  'gone',
  'fenced',
  'forgotten',
  'ending',
  'settled',
  'too-old',
  'too-many-open',
  'stale',
] as const;
export type PutStatus = (typeof putStatuses)[number];

export type PutResult =
  { status: 'put'; tickets: SlotTicket[]; superseded: number } | { status: Exclude<PutStatus, 'put'> };

/** What the scripts judge by whether the partial is let in, see `admit.lua`. */
export function admissionArgs(partial: PutPartial): (string | number)[] {
  const { connection, segmentId, revision, maxOpenSegments } = partial;
  return [
    connection,
    segmentId,
    revision,
    maxOpenSegments,
    idleSlotMs,
    `${sessionKeys(partial.sessionId).channel}:slot:`,
  ];
}

/** Reads whether the partial was let in. */
export function putStatusIn(word: string | undefined): PutStatus {
  return asStatus(word, putStatuses);
}

/** Reads the answer to a put: for each target a ticket or '', and whether the revision superseded another one. */
export function putResultIn([word, ...rest]: readonly string[], { segmentId, targets }: PutPartial): PutResult {
  const status = putStatusIn(word);
  if (status !== 'put') return { status };
  return {
    status,
    tickets: targets.flatMap((target, index) => {
      const due = ticketIn(rest[index * 2]);
      return due === undefined ? [] : [{ segmentId, target, ...due }];
    }),
    superseded: targets.filter((_target, index) => rest[index * 2 + 1] === '1').length,
  };
}
