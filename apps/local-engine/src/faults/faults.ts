import type { EngineFaultEffect, EngineFaultRate } from '@parley/config';
import type { RandomSource } from '../seeded-random.ts';

/** What goes wrong, and with which requests: those of a text, of a target, or of both. */
export interface Fault {
  /** The whole text, or one of the texts of a batch. */
  readonly text?: string | undefined;
  readonly target?: string | undefined;
  /** How many requests it strikes; without it, every one until the faults are cleared. */
  readonly times?: number | undefined;
  /** Which share of the requests that it fits, from 0 to 1; without it, all of them. */
  readonly share?: number | undefined;
  readonly effect: EngineFaultEffect;
}

/** A request, as faults tell it from others. */
export interface Struck {
  readonly target: string;
  readonly texts: readonly string[];
  readonly batch: boolean;
}

/** How a fault is named where it is counted: `429`, `reply`, `slow`, `cut`, `reset` ... */
export function faultName(effect: EngineFaultEffect): string {
  if ('status' in effect) return String(effect.status);
  if ('reply' in effect) return effect.reply === '' ? 'empty' : 'reply';
  if ('slowMs' in effect) return 'slow';
  return 'cutAfterTokens' in effect ? 'cut' : effect.effect;
}

/**
 * Which of the faults strikes: the first that fits and either strikes all, or has the drawn number in its share. Shares
 * lie side by side, so that each is exact whatever the others are.
 *
 * @param drawn a number in [0, 1)
 * @returns its place in the list, or -1
 */
export function strikingFault(faults: readonly Fault[], request: Struck, drawn: number): number {
  let upTo = 0;
  return faults.findIndex((fault) => {
    if (!fits(fault, request)) return false;
    if (fault.share === undefined) return true;
    upTo += fault.share;
    return drawn < upTo;
  });
}

function fits({ text, target, times, effect }: Fault, request: Struck): boolean {
  if (times === 0 || (target !== undefined && target !== request.target)) return false;
  if (text !== undefined && !request.texts.includes(text)) return false;
  const forBatches = 'effect' in effect && (effect.effect === 'wrong-length' || effect.effect === 'broken-json');
  return request.batch || !forBatches;
}

/** The faults of the configuration, and those that were asked for since. */
export class Faults {
  readonly #configured: readonly EngineFaultRate[];
  readonly #random: RandomSource;
  #faults: readonly Fault[];

  /** @param random gives one number a request: under the same seed the same requests are struck */
  constructor(configured: readonly EngineFaultRate[], random: RandomSource) {
    this.#configured = configured;
    this.#random = random;
    this.#faults = configured;
  }

  add(fault: Fault): void {
    this.#faults = [...this.#faults, fault];
  }

  /** What strikes a request, which counts as one time; `undefined` if nothing does. */
  strike(request: Struck): EngineFaultEffect | undefined {
    const found = strikingFault(this.#faults, request, this.#random());
    const fault = this.#faults[found];
    if (fault?.times !== undefined) this.#faults = this.#faults.with(found, { ...fault, times: fault.times - 1 });
    return fault?.effect;
  }

  /** Nothing fails any more, not even what the configuration wants to fail. */
  clear(): void {
    this.#faults = [];
  }

  /** Only what the configuration wants to fail does. */
  reset(): void {
    this.#faults = this.#configured;
  }
}
