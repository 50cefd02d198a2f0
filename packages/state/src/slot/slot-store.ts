import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { shownText, type PartialResult } from '../log/log-entry.ts';
import { textDigest } from '../redis/digest.ts';
import { sessionKeys } from '../redis/keys.ts';
import { asStatus, asStrings, groupsOf } from '../redis/reply.ts';
import { defineScript, type Script } from '../redis/script.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';
import { spokenSchema, type Spoken } from './spoken.ts';

/** How long the lease on a revision holds without being renewed. */
export const slotLeaseMs = 1500;
/** How long a slot stays that nobody puts anything into. */
const idleSlotMs = 120_000;
/** Tickets of a session that wait first come, first served; those beyond wait behind everybody's first ones. */
const firstComeTickets = 4;

/** One (session, segment, target): what a slot is named by. */
export interface SlotName {
  readonly sessionId: string;
  readonly segmentId: number;
  readonly target: string;
}

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

/** A ticket to add to the lane. */
export interface Ticket {
  readonly number: string;
  /** BullMQ's. It grows with the tickets of the session that wait already, so that none of them crowds others out. */
  readonly priority: number;
}

/** A ticket with the slot that it is for. */
export interface SlotTicket extends Ticket {
  readonly segmentId: number;
  readonly target: string;
}

export type PutResult =
  { status: 'put'; tickets: SlotTicket[]; superseded: number } | { status: Exclude<PutStatus, 'put'> };

/** What a ticket gives: the newest revision under a lease, or nothing; `due` is a further ticket to add. */
export type Taken =
  | {
      status: 'taken';
      due: Ticket | undefined;
      revision: number;
      text: string;
      digest: string;
      spoken: Spoken;
      settings: SessionSettings;
      tenant: string;
      /** The translation last shown, where it is wanted and there is one. */
      previous: string | undefined;
    }
  | { status: 'none'; due: Ticket | undefined };

export type CommitStatus = 'published' | 'overtaken' | 'gone' | 'settled' | 'unwanted';

/** How slots are dealt with. */
interface SlotOptions {
  /** How many calls a slot may have at the engine at once. */
  readonly inFlight: () => number;
  /** Whoever takes a revision, and the final after it, also gets the translation that was last shown. */
  readonly keepShown?: boolean;
}

/** The latest-wins mailboxes of partials. */
export class SlotStore {
  readonly #put: Script;
  readonly #show: Script;
  readonly #again: Script;
  readonly #take: Script;
  readonly #renew: Script;
  readonly #commit: Script;
  readonly #release: Script;
  readonly #inFlight: () => number;
  readonly #keepShown: boolean;

  constructor(redis: Redis, options: SlotOptions) {
    this.#put = defineScript(redis, 'parleySlotPut', new URL('put.lua', import.meta.url));
    this.#show = defineScript(redis, 'parleySlotShow', new URL('show.lua', import.meta.url));
    this.#again = defineScript(redis, 'parleySlotAgain', new URL('again.lua', import.meta.url));
    this.#take = defineScript(redis, 'parleySlotTake', new URL('take.lua', import.meta.url));
    this.#renew = defineScript(redis, 'parleySlotRenew', new URL('renew.lua', import.meta.url));
    this.#commit = defineScript(redis, 'parleySlotCommit', new URL('commit.lua', import.meta.url));
    this.#release = defineScript(redis, 'parleySlotRelease', new URL('release.lua', import.meta.url));
    this.#inFlight = options.inFlight;
    this.#keepShown = options.keepShown ?? false;
  }

  /** Makes this revision the newest of its targets, unless it is stale, and names the tickets to add to the lane. */
  async put(partial: PutPartial): Promise<PutResult> {
    const keys = sessionKeys(partial.sessionId);
    const [word, ...rest] = asStrings(
      await this.#put(
        [keys.session, keys.segments, ...partial.targets.map((target) => keys.slot(partial.segmentId, target))],
        [
          ...admissionArgs(partial),
          partial.text,
          textDigest(partial.spoken.language, partial.text),
          JSON.stringify(partial.spoken),
          this.#inFlight(),
          ...partial.targets,
        ],
      ),
    );
    const status = asStatus(word, putStatuses);
    if (status !== 'put') return { status };
    return {
      status,
      tickets: partial.targets.flatMap((target, index) => {
        const due = ticketIn(rest[index * 2]);
        return due === undefined ? [] : [{ segmentId: partial.segmentId, target, ...due }];
      }),
      superseded: partial.targets.filter((_target, index) => rest[index * 2 + 1] === '1').length,
    };
  }

  /** Shows a partial to targets that need no translation. */
  async show(partial: PutPartial, bodyFor: (target: string) => PartialResult): Promise<PutStatus> {
    const keys = sessionKeys(partial.sessionId);
    const [status] = asStrings(
      await this.#show(
        [
          keys.session,
          keys.segments,
          keys.channel,
          ...partial.targets.map((target) => keys.slot(partial.segmentId, target)),
        ],
        [...admissionArgs(partial), ...partial.targets.flatMap((target) => [target, JSON.stringify(bodyFor(target))])],
      ),
    );
    return asStatus(status, putStatuses);
  }

  /**
   * Names tickets for what was put and is neither shown nor at the engine, because whoever had it may be dead.
   *
   * @param segments these alone; none: every open one
   */
  async putAgain(sessionId: string, segments: readonly number[]): Promise<SlotTicket[]> {
    const keys = sessionKeys(sessionId);
    const words = asStrings(
      await this.#again([keys.session, keys.segments, keys.channel], [randomUUID(), this.#inFlight(), ...segments]),
    );
    return groupsOf(3, words).flatMap(([segment, target = '', text]) => {
      const ticket = ticketIn(text);
      return ticket === undefined ? [] : [{ segmentId: Number(segment), target, ...ticket }];
    });
  }

  /** Exchanges a ticket for the newest revision. Whoever takes must end with `commit` or `release`. */
  async take(slot: SlotName, ticket: string, thread: string): Promise<Taken> {
    const [word, due, revision, text = '', digest = '', spoken = '', settings = '', tenant = '', shown = ''] =
      asStrings(
        await this.#take(slotKeys(slot), [
          slot.segmentId,
          slot.target,
          ticket,
          thread,
          slotLeaseMs,
          this.#inFlight(),
          this.#keepShown ? 1 : 0,
        ]),
      );
    const status = asStatus(word, ['taken', 'none']);
    if (status === 'none') return { status, due: ticketIn(due) };
    return {
      status,
      due: ticketIn(due),
      revision: Number(revision),
      text,
      digest,
      spoken: spokenSchema.parse(JSON.parse(spoken)),
      settings: parseSessionSettings(settings),
      tenant,
      previous: shownText(shown),
    };
  }

  /** Keeps a lease alive; `cancel` says that the result is of no use any more. */
  async renew(slot: SlotName, ticket: string, digest: string): Promise<'renewed' | 'cancel' | 'lapsed'> {
    const [status] = asStrings(
      await this.#renew(slotKeys(slot), [slot.segmentId, slot.target, ticket, slotLeaseMs, digest]),
    );
    return asStatus(status, ['renewed', 'cancel', 'lapsed']);
  }

  /** Publishes a translation unless a newer one or the final was there first. */
  async commit(
    slot: SlotName,
    ticket: string,
    revision: number,
    body: string,
  ): Promise<{ status: CommitStatus; due: Ticket | undefined }> {
    const [status, due] = asStrings(
      await this.#commit(
        [...slotKeys(slot), sessionKeys(slot.sessionId).channel],
        [slot.segmentId, slot.target, ticket, revision, body, this.#inFlight()],
      ),
    );
    return { status: asStatus(status, ['published', 'overtaken', 'gone', 'settled', 'unwanted']), due: ticketIn(due) };
  }

  /**
   * Ends a lease without a result.
   *
   * @param isDueAgain the call was not made: the newest revision is due again, also where it is the one that was taken
   */
  async release(slot: SlotName, ticket: string, isDueAgain = false): Promise<{ due: Ticket | undefined }> {
    const [status, due] = asStrings(
      await this.#release(slotKeys(slot), [slot.segmentId, slot.target, ticket, this.#inFlight(), isDueAgain ? 1 : 0]),
    );
    asStatus(status, ['released', 'gone', 'settled', 'unwanted']);
    return { due: ticketIn(due) };
  }
}

function admissionArgs(partial: PutPartial): (string | number)[] {
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

/** Reads `NUMBER PLACE` as the scripts give it; '' is no ticket. */
function ticketIn(text = ''): Ticket | undefined {
  const [number = '', place] = text.split(' ');
  if (number === '') return undefined;
  return { number, priority: Math.max(0, Number(place) + 1 - firstComeTickets) };
}

function slotKeys({ sessionId, segmentId, target }: SlotName): string[] {
  const keys = sessionKeys(sessionId);
  return [keys.session, keys.segments, keys.slot(segmentId, target)];
}
