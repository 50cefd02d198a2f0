import { normalizeText } from '@parley/translation';
import type { Moment } from './words.ts';

interface Call {
  readonly revision: number;
  readonly text: string;
  readonly endsAtMs: number;
}

/**
 * A target and its engine in simulated time: the newest text waits while `inFlight` calls are in progress, an older
 * result is never shown, and a repeated text needs no call.
 */
export class TargetModel {
  readonly shown: Moment[] = [];
  /** Those of partials and of the final. */
  calls = 0;
  finalCalls = 0;
  readonly #engine: { readonly latencyMs: () => number; readonly inFlight: number };
  readonly #translated = new Set<string>();
  #underWay: Call[] = [];
  #waiting: { readonly revision: number; readonly text: string } | undefined;
  #shownRevision = -1;

  constructor(engine: { readonly latencyMs: () => number; readonly inFlight: number }) {
    this.#engine = engine;
  }

  put(revision: number, text: string, nowMs: number): void {
    this.#advance(nowMs);
    this.#waiting = { revision, text: normalizeText(text) };
    this.#begin(nowMs);
  }

  /** Adds the final, which joins a call for its text or uses its result. Returns the time of its translation. */
  settle(text: string, nowMs: number): number {
    this.#advance(nowMs);
    if (this.#translated.has(text)) return nowMs;
    const joined = this.#underWay.find((call) => call.text === text);
    if (joined !== undefined) return joined.endsAtMs;
    this.calls++;
    this.finalCalls++;
    return nowMs + this.#engine.latencyMs();
  }

  #advance(untilMs: number): void {
    for (;;) {
      const [next] = this.#underWay;
      if (next === undefined || next.endsAtMs > untilMs) return;
      this.#underWay.shift();
      this.#translated.add(next.text);
      this.#show(next.revision, next.text, next.endsAtMs);
      this.#begin(next.endsAtMs);
    }
  }

  #begin(nowMs: number): void {
    if (this.#waiting === undefined || this.#underWay.length >= this.#engine.inFlight) return;
    const { revision, text } = this.#waiting;
    this.#waiting = undefined;
    if (this.#translated.has(text)) {
      this.#show(revision, text, nowMs);
      return;
    }
    this.calls++;
    this.#underWay.push({ revision, text, endsAtMs: nowMs + this.#engine.latencyMs() });
    this.#underWay.sort((one, other) => one.endsAtMs - other.endsAtMs);
  }

  #show(revision: number, text: string, atMs: number): void {
    if (revision <= this.#shownRevision) return;
    this.#shownRevision = revision;
    this.shown.push({ atMs, text });
  }
}
