import type { Bench, BenchOptions, Cell } from './bench.ts';
import { attacks } from './hostile/attacks/index.ts';
import { measureAttack, type AttackFigures, type MeasureOptions } from './hostile/measure-attack.ts';
import { composeMemoryMib } from './hostile/memory-limits.ts';
import { percentile } from './percentile.ts';

/** The goal for finals: at most 1.5 times their quiet 95th percentile and 50 ms. For partials: at least 80% of the quiet share. */
const goal = { factor: 1.5, addedMs: 50, shownShare: 0.8 } as const;
const reported = 5;

const columns = [
  'attack',
  'finals p95 quiet ms',
  'attacked',
  'ratio',
  'at most',
  'partials shown quiet %',
  'attacked',
  'ratio',
  'finals failed',
  ...(['edge', 'worker', 'redis'] as const).map((name) => `${name} MiB (of ${composeMemoryMib(name)})`),
  'attacker CPU %',
  'goal',
  'what the attacker got',
];

function row(name: string, { quiet, attacked, memoryMib, report }: AttackFigures): Cell[] {
  const [quietMs, attackedMs] = [percentile(quiet.finalMs, 0.95), percentile(attacked.finalMs, 0.95)];
  const limitMs = goal.factor * quietMs + goal.addedMs;
  const shown = attacked.shownShare / quiet.shownShare;
  const processes = ['edge', 'worker', 'redis'] as const;
  const missed = [
    attackedMs <= limitMs ? [] : ['finals'],
    shown >= goal.shownShare ? [] : ['partials'],
    attacked.failures.length === 0 ? [] : ['failures'],
    processes.filter((process) => memoryMib[process] > composeMemoryMib(process)),
  ].flat();
  return [
    name,
    Math.round(quietMs),
    Math.round(attackedMs),
    (attackedMs / quietMs).toFixed(2),
    Math.round(limitMs),
    Math.round(100 * quiet.shownShare),
    Math.round(100 * attacked.shownShare),
    shown.toFixed(2),
    attacked.failures.length,
    ...processes.map((process) => Math.round(memoryMib[process])),
    Math.round(100 * report.cpuShare),
    missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`,
    report.counts
      .slice(0, reported)
      .map(([what, times]) => `${times.toLocaleString('en')} ${what}`)
      .join(', '),
  ];
}

/** Measures what one client can do to others: each attack by itself, and all at once. */
export const hostileBench: Bench = {
  name: 'hostile',
  question:
    'What do finals and partials of a quiet tenant lose under each attack of another client, and under all at once?',
  async run({ quick, sessions = 6, seconds = 15, only, tell, signal }: BenchOptions) {
    const [quietMs, attackMs] = quick ? [1000, 2000] : [700 * seconds, 1000 * seconds];
    const shared = { sessions: quick ? 2 : sessions, quietMs, attackMs, signal };
    const rows: Cell[][] = [];
    const measure = async (name: string, options: Pick<MeasureOptions, 'attacks' | 'cutsSpeakers' | 'burnedShare'>) => {
      if (only !== undefined && !name.includes(only)) return undefined;
      const figures = await measureAttack({ ...shared, ...options });
      rows.push(row(name, figures));
      tell(`${name}: ${rows.at(-1)?.slice(1).join(' | ')}`);
      for (const failure of new Set(figures.attacked.failures)) tell(`  ${failure}`);
      return figures;
    };
    for (const { name, cutsSpeakers = false } of attacks) await measure(name, { attacks: [name], cutsSpeakers });
    const names = attacks.filter(({ isAlone = false }) => !isAlone).map(({ name }) => name);
    const all = await measure('all at once', { attacks: names, cutsSpeakers: true });
    // What the attackers' own use of the same cores costs.
    const burnedShare = all?.report.cpuShare ?? 1;
    await measure('control: as much CPU, no attack', { attacks: [], cutsSpeakers: true, burnedShare });
    return { columns, rows };
  },
};
