import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { PartialResult } from '../log/log-entry.ts';
import { textDigest } from '../redis/digest.ts';
import { sessionKeys } from '../redis/keys.ts';
import { asStatus, asStrings, groupsOf } from '../redis/reply.ts';
import {
  admissionArgs,
  putResultIn,
  showResultIn,
  type PutPartial,
  type PutResult,
  type ShowResult,
} from './admission.ts';
import { slotKeys, type SlotName } from './slot-name.ts';
import { defineSlotScripts, type SlotScripts } from './slot-scripts.ts';
import { takenIn, type Taken } from './taken.ts';
import { ticketIn, type SlotTicket, type Ticket } from './ticket.ts';

/** How long the lease on a revision holds without being renewed. */
export const slotLeaseMs = 1500;

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
  readonly #scripts: SlotScripts;
  readonly #inFlight: () => number;
  readonly #keepShown: boolean;

  constructor(redis: Redis, options: SlotOptions) {
    this.#scripts = defineSlotScripts(redis);
    this.#inFlight = options.inFlight;
    this.#keepShown = options.keepShown ?? false;
  }

  /** Makes this revision the newest of its targets, unless it is stale, and names the tickets to add to the lane. */
  async put(partial: PutPartial): Promise<PutResult> {
    const keys = sessionKeys(partial.sessionId);
    const reply = await this.#scripts.put(
      [keys.session, keys.segments, ...partial.targets.map((target) => keys.slot(partial.segmentId, target))],
      [
        ...admissionArgs(partial),
        partial.text,
        textDigest(partial.spoken.language, partial.text),
        JSON.stringify(partial.spoken),
        this.#inFlight(),
        ...partial.targets,
      ],
    );
    return putResultIn(asStrings(reply), partial);
  }

  /** Shows a partial to targets that need no translation. */
  async show(partial: PutPartial, bodyFor: (target: string) => PartialResult): Promise<ShowResult> {
    const keys = sessionKeys(partial.sessionId);
    const reply = await this.#scripts.show(
      [
        keys.session,
        keys.segments,
        keys.channel,
        ...partial.targets.map((target) => keys.slot(partial.segmentId, target)),
      ],
      [...admissionArgs(partial), ...partial.targets.flatMap((target) => [target, JSON.stringify(bodyFor(target))])],
    );
    return showResultIn(asStrings(reply));
  }

  /**
   * Names tickets for what was put and is neither shown nor at the engine, because whoever had it may be dead.
   *
   * @param segments these alone; none: every open one
   */
  async putAgain(sessionId: string, segments: readonly number[]): Promise<SlotTicket[]> {
    const keys = sessionKeys(sessionId);
    const words = asStrings(
      await this.#scripts.again(
        [keys.session, keys.segments, keys.channel],
        [randomUUID(), this.#inFlight(), ...segments],
      ),
    );
    return groupsOf(3, words).flatMap(([segment, target = '', text]) => {
      const ticket = ticketIn(text);
      return ticket === undefined ? [] : [{ segmentId: Number(segment), target, ...ticket }];
    });
  }

  /** Exchanges a ticket for the newest revision. Whoever takes must end with `commit` or `release`. */
  async take(slot: SlotName, ticket: string, thread: string): Promise<Taken> {
    const reply = await this.#scripts.take(slotKeys(slot), [
      slot.segmentId,
      slot.target,
      ticket,
      thread,
      slotLeaseMs,
      this.#inFlight(),
      this.#keepShown ? 1 : 0,
    ]);
    return takenIn(asStrings(reply));
  }

  /** Keeps a lease alive; `cancel` says that the result is of no use any more. */
  async renew(slot: SlotName, ticket: string, digest: string): Promise<'renewed' | 'cancel' | 'lapsed'> {
    const [status] = asStrings(
      await this.#scripts.renew(slotKeys(slot), [slot.segmentId, slot.target, ticket, slotLeaseMs, digest]),
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
      await this.#scripts.commit(
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
      await this.#scripts.release(slotKeys(slot), [
        slot.segmentId,
        slot.target,
        ticket,
        this.#inFlight(),
        isDueAgain ? 1 : 0,
      ]),
    );
    asStatus(status, ['released', 'gone', 'settled', 'unwanted']);
    return { due: ticketIn(due) };
  }
}
