import { decideReadingLimits } from './decide-reading-limits.ts';

interface Reading {
  /** Since the last measurement. */
  frames: number;
  /** A moving average over about a second. */
  perSecond: number;
  limit: number;
  /** What may be read before the limit applies; negative if more was read. */
  left: number;
}

/** A tenant that has sent less than this is forgotten, in frames a second. */
const forgottenBelow = 0.5;
const smoothing = 0.1;
const maxPauseMs = 1000;

/** Shares the time of an edge's event loop among tenants: while it is saturated, the sockets of those who send most are read more slowly. */
export class ReadingShares {
  readonly #tenants = new Map<string, Reading>();
  #adaptedAtMs: number;

  constructor(nowMs: number) {
    this.#adaptedAtMs = nowMs;
  }

  /**
   * Counts a frame of a tenant.
   *
   * @param cost how many ordinary frames it counts for
   * @returns for how many milliseconds its socket should not be read
   */
  count(tenant: string, cost: number): number {
    let reading = this.#tenants.get(tenant);
    if (reading === undefined)
      this.#tenants.set(tenant, (reading = { frames: 0, perSecond: 0, limit: Infinity, left: 0 }));
    reading.frames += cost;
    if (reading.limit === Infinity) return 0;
    reading.left = Math.max(-reading.limit, reading.left - cost);
    return reading.left >= 0 ? 0 : Math.min(maxPauseMs, (-reading.left / reading.limit) * 1000);
  }

  /** Adapts the limits to how busy the event loop was since the last measurement, from 0 to 1. */
  adapt(utilization: number, nowMs: number): void {
    const seconds = Math.max(0.001, (nowMs - this.#adaptedAtMs) / 1000);
    this.#adaptedAtMs = nowMs;
    const sent = new Map<string, { sent: number; limit: number }>();
    for (const [tenant, reading] of this.#tenants) {
      reading.perSecond += (reading.frames / seconds - reading.perSecond) * smoothing;
      reading.frames = 0;
      if (reading.perSecond < forgottenBelow) this.#tenants.delete(tenant);
      else sent.set(tenant, { sent: reading.perSecond, limit: reading.limit });
    }
    const limits = decideReadingLimits(utilization, sent);
    for (const [tenant, reading] of this.#tenants) {
      const limit = limits.get(tenant) ?? Infinity;
      if (limit === Infinity || reading.limit === Infinity) reading.left = 0;
      else reading.left = Math.min(limit * seconds, reading.left + limit * seconds);
      reading.limit = limit;
    }
  }
}
