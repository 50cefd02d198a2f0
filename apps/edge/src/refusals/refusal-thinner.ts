import type { RefusalReason } from '@parley/telemetry';

/** Who was refused: a tenant, or the address of a client that is not known to belong to one. */
export interface RefusedSource {
  readonly address: string;
  readonly tenant?: string | undefined;
}

export interface Refused {
  readonly reason: RefusalReason;
  readonly source: RefusedSource;
}

/** Refusals that were counted instead of logged. */
export interface OmittedRefusals {
  readonly reason: RefusalReason;
  /** `undefined`: various sources, because there were too many. */
  readonly source: RefusedSource | undefined;
  readonly omitted: number;
}

export interface ThinnerLimits {
  /** After a refusal was logged, further ones with the same reason and source are only counted for this time. */
  readonly windowMs: number;
  /** Maximum number of reasons and sources that are told apart; neither memory nor the log grows beyond. */
  readonly maxWindows: number;
}

interface Window extends Refused {
  readonly untilMs: number;
  omitted: number;
}

/** Decides which refusals are logged. Times are milliseconds of the caller's clock. */
export class RefusalThinner {
  readonly #limits: ThinnerLimits;
  /** In the order in which they end. */
  readonly #windows = new Map<string, Window>();
  /** Refusals of sources beyond the maximum, by reason. */
  readonly #others = new Map<RefusalReason, number>();

  constructor(limits: ThinnerLimits) {
    this.#limits = limits;
  }

  /**
   * Counts a refusal; returns whether it must be logged.
   *
   * @param sourceKey what identifies the source
   */
  admit(refused: Refused, sourceKey: string, nowMs: number): boolean {
    const { windowMs, maxWindows } = this.#limits;
    const { reason } = refused;
    const key = `${reason} ${sourceKey}`;
    const window = this.#windows.get(key);
    if (window !== undefined) {
      window.omitted += 1;
      return false;
    }
    if (this.#windows.size >= maxWindows) {
      this.#others.set(reason, (this.#others.get(reason) ?? 0) + 1);
      return false;
    }
    this.#windows.set(key, { ...refused, untilMs: nowMs + windowMs, omitted: 0 });
    return true;
  }

  /** Ends the windows whose time is over; returns what was omitted in them. */
  expire(nowMs: number): OmittedRefusals[] {
    const ended: OmittedRefusals[] = [];
    for (const [key, { reason, source, omitted, untilMs }] of this.#windows) {
      if (untilMs > nowMs) break;
      this.#windows.delete(key);
      if (omitted > 0) ended.push({ reason, source, omitted });
    }
    for (const [reason, omitted] of this.#others) ended.push({ reason, source: undefined, omitted });
    this.#others.clear();
    return ended;
  }
}
