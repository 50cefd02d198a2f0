import { describeViolation } from '@parley/checker';
import { Audience } from '../chaos/audience.ts';
import { clientFaults, injectFaults } from '../chaos/fault-injector.ts';
import { pause } from '../chaos/pause.ts';
import { judgeOf, randomLanguages, type randomOptions } from '../chaos/random-session.ts';
import { talk } from '../chaos/talker.ts';
import { startLiveSpeaker, type LiveSpeaker, type TestStack } from '../harness/index.ts';
import type { SoakCounts } from './soak-counts.ts';

export interface SoakSession {
  readonly stack: TestStack;
  /** The edge that its clients connect to first, by its index. */
  readonly edge: number;
  /** Distinguishes its texts from those of other sessions. */
  readonly name: string;
  readonly options: ReturnType<typeof randomOptions>;
  readonly lengthMs: number;
  readonly random: () => number;
  readonly counts: SoakCounts;
  /** Ends the session early. */
  readonly signal: AbortSignal;
}

const maxListeners = 3;
/** About as often as a speech recognizer reports a new word. */
const partialMs = [500, 2000] as const;
const clientFaultsOfSoak = { faults: clientFaults, intervalMs: [10_000, 60_000] } as const;
/** The share of the speakers that leave without a word; their session ends after its grace period. */
const abandonedShare = 0.15;
const endTimeoutMs = 120_000;

/** Runs one session with listeners that come and go, and returns a line for whatever its clients should have received and did not. */
export async function runSession(session: SoakSession): Promise<string[]> {
  const { stack, edge, name, options, lengthMs, random, counts, signal } = session;
  const judge = judgeOf(options);
  const urls = [stack.streamUrl(edge), stack.streamUrl(1 - edge)] as const;
  await using speaker = await startLiveSpeaker(urls, options, { ...judge, isLossless: true });
  counts.sessionsStarted += 1;
  await using audience = new Audience(urls);
  const over = new AbortController();
  const tellFault = (): void => void (counts.clientFaults += 1);
  const life = Promise.all([
    talk(speaker, name, random, over.signal, partialMs),
    comeAndGo(session, speaker, audience, over.signal),
    injectFaults({ stack, speakers: [speaker], audience }, random, over.signal, tellFault, clientFaultsOfSoak),
  ]);
  try {
    await Promise.race([pause(lengthMs, signal), life]);
  } finally {
    over.abort();
    await life;
  }
  if (audience.present.length > 0 && random() < abandonedShare) {
    counts.sessionsAbandoned += 1;
    await speaker.session.close();
    return await audience.judge();
  }
  const report = await speaker.end(endTimeoutMs);
  counts.sessionsEnded += 1;
  counts.finalsTranslated += report.counts.finalsTranslated;
  counts.finalsFailed += report.counts.finalsFailed;
  counts.partialsShown += report.counts.partialsShown;
  const {
    violations,
    counts: { finalsFailed },
  } = report;
  return [
    ...(finalsFailed > 0 ? [`${finalsFailed} finals were not translated`] : []),
    ...violations.map((violation) => `speaker: ${describeViolation(violation)}`),
    ...(await audience.judge()),
  ];
}

async function comeAndGo(
  { options, random, counts }: SoakSession,
  host: LiveSpeaker,
  audience: Audience,
  signal: AbortSignal,
): Promise<void> {
  while (await pause(1000 + random() * 14_000, signal)) {
    const leaving = audience.present[Math.floor(random() * maxListeners)];
    if (leaving !== undefined) await audience.leave(leaving);
    else {
      await audience.join(host, randomLanguages(random), judgeOf(options));
      counts.listeners += 1;
    }
  }
}
