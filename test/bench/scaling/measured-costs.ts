import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';
import type { MeasuredPoint } from './measured-point.ts';

/** The contents of docs/measured-costs.json: what was measured, as it was. Costs are fitted to it whenever it is read. */
export interface MeasuredCosts {
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGib: number;
    readonly node: string;
    readonly redis: string;
  };
  readonly windowSeconds: number;
  readonly points: readonly MeasuredPoint[];
  /** Loads that were not used for the fit. */
  readonly checked: readonly MeasuredPoint[];
}

const file = new URL('../../../docs/measured-costs.json', import.meta.url);

/** @throws Error if the file is missing or no JSON */
export function readMeasuredCosts(): MeasuredCosts {
  return JSON.parse(readFileSync(file, 'utf8')) as MeasuredCosts;
}

export function writeMeasuredCosts(measured: MeasuredCosts): void {
  writeFileSync(file, `${JSON.stringify(rounded(measured), null, 2)}\n`);
}

/** @param redis its version */
export function thisMachine(redis: string): MeasuredCosts['machine'] {
  const [first] = cpus();
  return {
    processor: `${first?.model ?? 'unknown'} (${arch()})`,
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    redis,
  };
}

/** Five digits of each number: more is noise. */
function rounded(measured: MeasuredCosts): unknown {
  return JSON.parse(
    JSON.stringify(measured, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value)),
  );
}
