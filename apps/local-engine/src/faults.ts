/** What goes wrong, and with which requests: those of a text, of a target, or of both. */
export interface Fault {
  readonly text?: string | undefined;
  readonly target?: string | undefined;
  /** How many requests it strikes; without it, every one until the faults are cleared. */
  readonly times?: number | undefined;
  readonly effect: FaultEffect;
}

/** The HTTP status that is answered instead of a translation, or the text that stands in its place. */
export type FaultEffect = { readonly status: number } | { readonly reply: string };

/** Faults that tests have asked for; of several that fit, the oldest strikes. */
export class Faults {
  #faults: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Infinity });
  }

  /** What strikes a request, which counts as one time; `undefined` if nothing does. */
  strike(request: { readonly text: string; readonly target: string }): FaultEffect | undefined {
    const found = this.#faults.find(
      ({ fault: { text = request.text, target = request.target }, left }) =>
        left > 0 && text === request.text && target === request.target,
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault.effect;
  }

  clear(): void {
    this.#faults = [];
  }
}
