import { closeCodes, errorMessage } from '@parley/protocol';
import type { Outbox } from '../delivery/outbox.ts';
import type { Allowance } from '../limits/allowances.ts';
import { sizeCost } from '../limits/frame-cost.ts';
import { FrameGate } from '../limits/frame-gate.ts';
import { messageId } from '../limits/message-id.ts';
import type { EdgeDependencies } from './dependencies.ts';
import { isListener, sourceOf, type ClientIdentity, type Socket } from './socket.ts';

/**
 * How long nothing is read from a client that sends more than allowed. Reading what is only to be refused would take the time of
 * all others.
 */
const refusedPauseMs = 1000;

const answeredTypes = /"(?:transcript\.(?:final|correct)|session\.(?:start|resume|join|update|end))"/;

export interface FrameAdmissionOptions {
  readonly client: ClientIdentity;
  readonly socket: Pick<Socket, 'pauseReading'>;
  readonly outbox: Pick<Outbox, 'reply' | 'close'>;
  readonly deps: Pick<EdgeDependencies, 'limits' | 'metrics' | 'frameAllowances' | 'readingShares'>;
  /** Called for each frame that is refused. */
  readonly onRefused: () => void;
}

/** Admits the frames of a connection within the allowance of its client, and answers those that exceed it. */
export class FrameAdmission {
  readonly #options: FrameAdmissionOptions;
  readonly #allowance: Allowance;
  readonly #gate: FrameGate;

  /** @param nowMs milliseconds since 1970, as below */
  constructor(options: FrameAdmissionOptions, nowMs: number) {
    this.#options = options;
    const { limits, frameAllowances } = options.deps;
    this.#allowance = frameAllowances.open(sourceOf(options.client), nowMs);
    this.#gate = new FrameGate(this.#allowance.bucket, limits.frameRate.burst, nowMs);
  }

  /**
   * Whether a frame may be handled. After one that may not, nothing is read for a while; the client gets an error where it needs one,
   * and its socket is closed if it sends far more than allowed.
   *
   * @param frame its text, if it has one
   */
  admits(frame: string | undefined, bytes: number, nowMs: number): boolean {
    const cost = sizeCost(bytes);
    const verdict = this.#gate.decide(nowMs, cost);
    if (verdict === 'admitted') {
      this.#share(cost);
      return true;
    }
    const { deps, socket, outbox, onRefused } = this.#options;
    deps.metrics.frameReceived('refused');
    onRefused();
    socket.pauseReading(refusedPauseMs);
    if (verdict === 'abuse') {
      outbox.close(closeCodes.tooMuch, 'far more messages than allowed');
      // At once: the client may connect again before this socket is gone.
      this.close(nowMs);
    } else if (verdict === 'refused' || mustBeAnswered(frame)) {
      this.#answer(frame);
    }
    return false;
  }

  /** Charges the client for the work that an admitted frame makes, in frames. */
  charge(frames: number): void {
    this.#gate.charge(frames);
    this.#share(frames);
  }

  /** Leaves what is left of the allowance to the next connection of the client. Idempotent. */
  close(nowMs: number): void {
    this.#allowance.close(nowMs);
  }

  /** Frames of a tenant that takes more than its share of the edge's time are handled, but further ones are read later. */
  #share(cost: number): void {
    const { client, deps, socket } = this.#options;
    // What listeners send is little, and their number is not the tenant's choice.
    if (isListener(client)) return;
    const pauseMs = deps.readingShares.count(client.tenant, cost);
    if (pauseMs > 0) socket.pauseReading(pauseMs);
  }

  #answer(frame: string | undefined): void {
    const { deps, outbox } = this.#options;
    const { perSecond, burst } = deps.limits.frameRate;
    const causedBy = frame === undefined ? undefined : messageId(frame);
    const allowed = `at most ${perSecond} messages per second are allowed, ${burst} at once`;
    outbox.reply(errorMessage('too-many-frames', allowed, { causedBy }));
  }
}

/** A client has to send what was not handled again, or waits for its reply, so it needs an error. Partials are replaced anyway. */
function mustBeAnswered(frame: string | undefined): boolean {
  return frame !== undefined && answeredTypes.test(frame);
}
