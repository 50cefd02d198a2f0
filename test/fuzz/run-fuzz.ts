import { setTimeout as delay } from 'node:timers/promises';
import { describeViolation, sourceOfMarked } from '@parley/checker';
import { talk } from '../chaos/talker.ts';
import { startLiveListener, startLiveSpeaker, startStack } from '../harness/index.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import { attack, type HostileCounts } from './hostile-client.ts';
import { memoryEnvironment, memoryOf, type MemoryMib } from './memory-of.ts';

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
  /** Memory of the edge after garbage collection: before, after a first part of the time, and at the end. */
  readonly memoryMib: readonly MemoryMib[];
}

/** What code and caches need is there after the first part, during this share of the time. */
const warmingShare = 0.25;
/** How much the memory may grow from then to the end, in MiB. */
const maxGrowthMib = { used: 8, resident: 48 } as const;
/** After an attack, its last messages are still handled; memory is back when it is below the bound or after this time. */
const settleMs = 10_000;

/** Sends an edge random bytes and mutated messages on many sockets, beside an honest session whose history is checked. */
export async function runFuzz({ seed, seconds, sockets, tell }: FuzzOptions): Promise<FuzzReport> {
  await using stack = await startStack({ env: { ENGINE_LATENCY: '20/60,1/3', ...memoryEnvironment } });
  const [edge] = stack.edges;
  if (edge === undefined) throw new Error('the stack has no edge');
  const judge = { sourceOf: sourceOfMarked, exactPartials: true };
  const session = { sourceLanguage: 'en', targetLanguages: ['es'], ordered: true };
  await using speaker = await startLiveSpeaker(stack, session, judge);
  const { joinCode } = speaker.session.started;
  await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] }, judge);

  const hostile: HostileCounts = { sockets: 0, frames: 0, answers: 0, closeCodes: {}, unanswered: [] };
  const stop = new AbortController();
  const talking = talk(speaker, 'speaker', seededRandom(seed), stop.signal);
  const attackFor = async (share: number, firstSeed: number): Promise<void> => {
    const signal = AbortSignal.timeout(share * seconds * 1000);
    const options = { url: stack.streamUrl(), joinCode, signal, counts: hostile };
    const random = (index: number) => seededRandom(firstSeed + index);
    await Promise.all(Array.from({ length: sockets }, (_, index) => attack({ ...options, random: random(index) })));
  };
  const before = await memoryOf(edge);
  await attackFor(warmingShare, seed + 1);
  await delay(settleMs / 10);
  const warm = await memoryOf(edge);
  tell(`${hostile.frames} frames on ${hostile.sockets} sockets, ${JSON.stringify(warm)} MiB`);
  await attackFor(1 - warmingShare, seed + 1 + sockets);
  const hasGrown = ({ used, resident }: MemoryMib): boolean =>
    used - warm.used > maxGrowthMib.used || resident - warm.resident > maxGrowthMib.resident;
  let end = await memoryOf(edge);
  for (let waitedMs = 0; hasGrown(end) && waitedMs < settleMs; waitedMs += settleMs / 10) {
    await delay(settleMs / 10);
    end = await memoryOf(edge);
  }
  tell(`${hostile.frames} frames on ${hostile.sockets} sockets, ${JSON.stringify(end)} MiB`);
  stop.abort();
  await talking;

  const report = await speaker.end(60_000);
  await listener.waitForMessage(({ type }) => type === 'session.ended', 60_000);
  const violations = [...report.violations, ...listener.judge(speaker)].map(describeViolation);
  const output = [...stack.edges, ...stack.workers].map((process) => process.output()).join('\n');
  const warnings = output
    .split('\n')
    .filter((line) => /\bWarning\b|"level":"(warn|error|fatal)"|uncaught|heap out of memory/i.test(line));
  const growth = hasGrown(end) ? [`the memory grew from ${JSON.stringify(warm)} to ${JSON.stringify(end)} MiB`] : [];
  return {
    problems: [...violations, ...new Set(hostile.unanswered), ...new Set(warnings), ...growth],
    finalsTranslated: report.counts.finalsTranslated,
    hostile,
    memoryMib: [before, warm, end],
  };
}
