/** Maps values to positions on an axis. */
export interface Scale {
  position(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** A linear scale from 0 to the next whole number, with a tick at each whole number or at every second, fifth, ... one. */
export function linearScale(greatest: number, from: number, to: number): Scale {
  const end = Math.max(1, Math.ceil(greatest));
  const step = [1, 2, 5, 10, 20, 50].find((size) => end / size <= 8) ?? 100;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
  return {
    position: (value) => from + (Math.min(value, end) / end) * (to - from),
    ticks: ticks.map((value) => ({ value, label: String(value) })),
  };
}

const tickValues = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** A logarithmic scale from 0.005. Smaller values, zero among them, are placed at its lower end. */
export function logScale(greatest: number, from: number, to: number): Scale {
  const [start = 0.005, second = 0.01] = tickValues;
  const end = Math.max(second, tickValues.find((tick) => tick >= greatest) ?? greatest);
  return {
    position: (value) => from + (Math.log(Math.max(value, start) / start) / Math.log(end / start)) * (to - from),
    ticks: tickValues
      .filter((tick) => tick <= end)
      .map((value) => ({ value, label: value === start ? `≤ ${value}` : String(value) })),
  };
}
