/** The workloads of docs/scaling.md: sessions, targets of each, and listeners of all together. */
export interface Scale {
  readonly name: string;
  readonly sessions: number;
  readonly targets: number;
  readonly listeners: number;
}

const targets = 2;
const listenersPerSession = 10;

function ordinary(sessions: number): Scale {
  return { name: sessions.toLocaleString('en'), sessions, targets, listeners: sessions * listenersPerSession };
}

export const scales: readonly Scale[] = [
  ...[100, 1000, 10_000, 100_000].map(ordinary),
  // 5,000 is the default of MAX_LISTENERS_PER_SESSION.
  { name: '200, of 5,000 listeners', sessions: 200, targets: 4, listeners: 1_000_000 },
  { name: '1, of 1 M listeners', sessions: 1, targets: 4, listeners: 1_000_000 },
];
