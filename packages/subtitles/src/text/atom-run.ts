import type { Atom } from './atoms.ts';

/** Atoms of one text, with the widths of all their ranges. */
export class AtomRun {
  readonly atoms: readonly Atom[];
  /** The width of the text before each atom, and of the whole. */
  readonly #before: readonly number[];

  constructor(atoms: readonly Atom[]) {
    this.atoms = atoms;
    let sum = 0;
    this.#before = [0, ...atoms.map(({ width, isSpaced }) => (sum += width + (isSpaced ? 1 : 0)))];
  }

  /** Returns the width of the atoms from `from` up to but without `to`, in columns. */
  width(from: number, to: number): number {
    if (to <= from) return 0;
    return (this.#before[to] ?? 0) - (this.#before[from] ?? 0) - (this.atoms[from]?.isSpaced === true ? 1 : 0);
  }

  text(from: number, to: number): string {
    const parts = this.atoms.slice(from, to).map(({ text, isSpaced }) => (isSpaced ? ` ${text}` : text));
    return parts.join('').trim();
  }
}
