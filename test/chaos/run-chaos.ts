import { setTimeout as delay } from 'node:timers/promises';
import { describeViolation } from '@parley/checker';
import { attack, type HostileCounts } from '../fuzz/hostile-client.ts';
import { startLiveSpeaker, startStack, type LiveSpeaker } from '../harness/index.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import { Audience } from './audience.ts';
import { moderate } from './host.ts';
import { judgeOf, randomLanguages, randomOptions } from './random-session.ts';
import { talk } from './talker.ts';
import { injectFaults } from './fault-injector.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly sessions: number;
  /** Sockets that send random bytes and mutated messages beside the sessions; default: none. */
  readonly hostileSockets?: number;
  /** Called with a line for each event. */
  readonly tell: (line: string) => void;
}

export interface ChaosReport {
  /** One line for each protocol violation. */
  readonly violations: readonly string[];
  /** Session keys that have no expiry after all sessions have ended. */
  readonly keysWithoutExpiry: readonly string[];
  readonly finalsTranslated: number;
  readonly finalsFailed: number;
  readonly partialsShown: number;
  readonly hostileFrames: number;
}

/**
 * Runs speakers and listeners on two edges and three workers while processes are killed and connections cut at random, and
 * while hosts correct, pause and change join codes. The history of every honest client is checked against the protocol.
 */
export async function runChaos({
  seed,
  seconds,
  sessions,
  hostileSockets = 0,
  tell,
}: ChaosOptions): Promise<ChaosReport> {
  const random = seededRandom(seed);
  await using stack = await startStack({
    edges: 2,
    workers: 3,
    env: { WORKERS: 'process', ENGINE_LATENCY: '60/180,1/3', ENGINE_SEED: String(seed), CACHE: 'on' },
  });
  await using opened = new AsyncDisposableStack();
  const speakers: LiveSpeaker[] = [];
  const sessionIds = new Set<string>();
  const audience = opened.use(new Audience(stack));
  for (let number = 0; number < sessions; number++) {
    const spoken = randomOptions(random, number);
    const judge = judgeOf(spoken);
    const speaker = opened.use(await startLiveSpeaker(stack, spoken, judge));
    speakers.push(speaker);
    sessionIds.add(speaker.session.started.sessionId);
    speaker.session.on('session.started', ({ sessionId }) => {
      sessionIds.add(sessionId);
      tell(`speaker ${number} starts over as ${sessionId}`);
    });
    for (let count = Math.floor(random() * 3); count > 0; count--) {
      await audience.join(speaker, randomLanguages(random), judge);
    }
  }
  const stop = new AbortController();
  const talking = speakers.map((speaker, number) =>
    talk(speaker, `speaker ${number}`, seededRandom(seed + number + 1), stop.signal),
  );
  const moderating = speakers.map((speaker, number) =>
    moderate(speaker, audience, seededRandom(seed - number - 1), stop.signal),
  );
  const hostile: HostileCounts = { sockets: 0, frames: 0, answers: 0, closeCodes: {}, unanswered: [] };
  const attacking = Array.from({ length: hostileSockets }, (_, index) =>
    attack({
      url: stack.streamUrl(index % 2),
      joinCode: speakers[index % sessions]?.session.joinCode ?? '',
      random: seededRandom(seed + sessions + index + 1),
      signal: stop.signal,
      counts: hostile,
    }),
  );
  const trouble = injectFaults({ stack, speakers, audience }, random, stop.signal, tell);
  await delay(seconds * 1000);
  stop.abort();
  await trouble;
  // What hostile clients were answered is not judged: edges die while they wait.
  await Promise.all([...talking, ...moderating, ...attacking]);

  const reports = await Promise.all(speakers.map((speaker) => speaker.end(120_000)));
  const violations = reports.flatMap((report, number) =>
    report.violations.map((violation) => `speaker ${number}: ${describeViolation(violation)}`),
  );
  violations.push(...(await audience.judge()));
  const redis = stack.redis.connect();
  // Sessions that hostile clients left end after their grace period.
  const isChecked = (key: string): boolean => hostileSockets === 0 || sessionIds.has(key.slice(3, key.indexOf('}')));
  const keys = (await redis.keys('{s:*')).filter(isChecked);
  const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
  for (const [index, key] of keys.entries()) {
    if (lives[index] !== -1 || !key.endsWith(':session')) continue;
    tell(
      `${key}: ${JSON.stringify(await redis.hmget(key, 'state', 'outstanding', 'leaseUntil', 'graceMs', 'ownedSince'))}`,
    );
  }
  const sum = (count: (report: (typeof reports)[number]) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    violations,
    keysWithoutExpiry: keys.filter((_key, index) => lives[index] === -1),
    finalsTranslated: sum(({ counts }) => counts.finalsTranslated),
    finalsFailed: sum(({ counts }) => counts.finalsFailed),
    partialsShown: sum(({ counts }) => counts.partialsShown),
    hostileFrames: hostile.frames,
  };
}
