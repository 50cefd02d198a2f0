import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describeViolation, sourceOfMarked } from '@parley/checker';
import { talk } from '../chaos/talker.ts';
import { startLiveListener, startLiveSpeaker, startStack } from '../harness/index.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import { attack, type HostileCounts } from './hostile-client.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly sockets: number;
  /** Called with a line for each event. */
  readonly tell: (line: string) => void;
}

export interface FuzzReport {
  /** What must not happen: one line each. */
  readonly problems: readonly string[];
  readonly finalsTranslated: number;
  readonly hostile: HostileCounts;
  /** Resident memory of the edge in MiB: before, halfway, and at the end. */
  readonly memoryMiB: readonly number[];
}

/** How much the memory may grow from half of the time to its end, in MiB. */
const maxGrowthMiB = 96;

/** Sends an edge random bytes and mutated messages on many sockets, beside an honest session whose history is checked. */
export async function runFuzz({ seed, seconds, sockets, tell }: FuzzOptions): Promise<FuzzReport> {
  await using stack = await startStack({ env: { ENGINE_LATENCY: '20/60,1/3' } });
  const [edge] = stack.edges;
  if (edge === undefined) throw new Error('the stack has no edge');
  const memory = (): number => {
    const status = readFileSync(`/proc/${edge.child.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  };
  const judge = { sourceOf: sourceOfMarked, exactPartials: true };
  const session = { sourceLanguage: 'en', targetLanguages: ['es'], ordered: true };
  await using speaker = await startLiveSpeaker(stack, session, judge);
  const { joinCode } = speaker.session.started;
  await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] }, judge);

  const hostile: HostileCounts = { sockets: 0, frames: 0, answers: 0, closeCodes: {}, unanswered: [] };
  const memoryMiB = [memory()];
  const stop = new AbortController();
  const { signal } = stop;
  const talking = talk(speaker, 'speaker', seededRandom(seed), signal);
  const attacks = Array.from({ length: sockets }, (_, index) =>
    attack({ url: stack.streamUrl(), joinCode, random: seededRandom(seed + index + 1), signal, counts: hostile }),
  );
  for (let half = 0; half < 2; half++) {
    await delay((seconds * 1000) / 2);
    memoryMiB.push(memory());
    tell(`${hostile.frames} frames on ${hostile.sockets} sockets, ${memoryMiB.at(-1)} MiB`);
  }
  stop.abort();
  await Promise.all([talking, ...attacks]);

  const report = await speaker.end(60_000);
  await listener.waitForMessage(({ type }) => type === 'session.ended', 60_000);
  const violations = [...report.violations, ...listener.judge(speaker)].map(describeViolation);
  const output = [...stack.edges, ...stack.workers].map((process) => process.output()).join('\n');
  const warnings = output
    .split('\n')
    .filter((line) => /\bWarning\b|"level":(40|50|60)|uncaught|heap out of memory/i.test(line));
  const [, halfway = 0, end = 0] = memoryMiB;
  const growth = end - halfway > maxGrowthMiB ? [`the memory grew from ${halfway} to ${end} MiB`] : [];
  return {
    problems: [...violations, ...hostile.unanswered, ...new Set(warnings), ...growth],
    finalsTranslated: report.counts.finalsTranslated,
    hostile,
    memoryMiB,
  };
}
