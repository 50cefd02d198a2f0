import type { EngineFaultEffect, EngineFaultRate } from '@parley/config';
import type { RandomSource } from '../seeded-random.ts';

/** A fault and the requests that it applies to, by text, target, or both. */
export interface Fault {
  /** The whole text, or one of the texts of a batch. */
  readonly text?: string | undefined;
  readonly target?: string | undefined;
  /** The number of requests it applies to; default: all until the faults are cleared. */
  readonly times?: number | undefined;
  /** The share of matching requests it applies to, from 0 to 1; default: all. */
  readonly share?: number | undefined;
  readonly effect: EngineFaultEffect;
}

/** The properties of a request that faults match. */
export interface FaultSubject {
  readonly target: string;
  readonly texts: readonly string[];
  readonly batch: boolean;
}

/** Returns the name under which a fault is counted: `429`, `reply`, `slow`, `cut`, `reset` ... */
export function faultName(effect: EngineFaultEffect): string {
  if ('status' in effect) return String(effect.status);
  if ('reply' in effect) return effect.reply === '' ? 'empty' : 'reply';
  if ('slowMs' in effect) return 'slow';
  return 'cutAfterTokens' in effect ? 'cut' : effect.effect;
}

/**
 * Returns the index of the fault to apply: the first match that has no share, or whose share contains the drawn number.
 * Shares are adjacent intervals, so that each is exact regardless of the others.
 *
 * @param drawn a number in [0, 1)
 * @returns the index, or -1
 */
export function findFaultIndex(faults: readonly Fault[], request: FaultSubject, drawn: number): number {
  let upTo = 0;
  return faults.findIndex((fault) => {
    if (!fits(fault, request)) return false;
    if (fault.share === undefined) return true;
    upTo += fault.share;
    return drawn < upTo;
  });
}

function fits({ text, target, times, effect }: Fault, request: FaultSubject): boolean {
  if (times === 0 || (target !== undefined && target !== request.target)) return false;
  if (text !== undefined && !request.texts.includes(text)) return false;
  const forBatches = 'effect' in effect && (effect.effect === 'wrong-length' || effect.effect === 'broken-json');
  return request.batch || !forBatches;
}

/** The configured faults, and those added at run time. */
export class Faults {
  readonly #configured: readonly EngineFaultRate[];
  readonly #random: RandomSource;
  #faults: readonly Fault[];

  /** @param random called once per request, so that the same seed affects the same requests */
  constructor(configured: readonly EngineFaultRate[], random: RandomSource) {
    this.#configured = configured;
    this.#random = random;
    this.#faults = configured;
  }

  add(fault: Fault): void {
    this.#faults = [...this.#faults, fault];
  }

  /** Returns the fault to apply to a request, and counts it. */
  strike(request: FaultSubject): EngineFaultEffect | undefined {
    const found = findFaultIndex(this.#faults, request, this.#random());
    const fault = this.#faults[found];
    if (fault?.times !== undefined) this.#faults = this.#faults.with(found, { ...fault, times: fault.times - 1 });
    return fault?.effect;
  }

  /** Removes all faults, including the configured ones. */
  clear(): void {
    this.#faults = [];
  }

  /** Restores the configured faults. */
  reset(): void {
    this.#faults = this.#configured;
  }
}
