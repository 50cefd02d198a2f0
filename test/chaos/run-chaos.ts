import { setTimeout as delay } from 'node:timers/promises';
import { describeViolation, sourceOfMarked } from '@parley/checker';
import { startLiveListener, startLiveSpeaker, startStack } from '../harness/index.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import { randomOptions, talk } from './talker.ts';
import { injectFaults } from './fault-injector.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly sessions: number;
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
}

/** Only with the stability `off` is all of a translation shown. */
const judgeOf = ({ stability }: Pick<ReturnType<typeof randomOptions>, 'stability'>) => ({
  sourceOf: sourceOfMarked,
  exactPartials: stability === 'off',
});

/**
 * Runs speakers and listeners on two edges and three workers while processes are killed and connections cut at random. The
 * history of every client is checked against the protocol.
 */
export async function runChaos({ seed, seconds, sessions, tell }: ChaosOptions): Promise<ChaosReport> {
  const random = seededRandom(seed);
  await using stack = await startStack({
    edges: 2,
    workers: 3,
    env: { WORKERS: 'process', ENGINE_LATENCY: '60/180,1/3', ENGINE_SEED: String(seed), CACHE: 'on' },
  });
  await using opened = new AsyncDisposableStack();
  const speakers = [];
  const listeners = [];
  for (let number = 0; number < sessions; number++) {
    const spoken = randomOptions(random);
    const judge = judgeOf(spoken);
    const speaker = opened.use(await startLiveSpeaker(stack, spoken, judge));
    speakers.push(speaker);
    speaker.session.on('session.started', ({ sessionId }) => tell(`speaker ${number} starts over as ${sessionId}`));
    for (let count = Math.floor(random() * 3); count > 0; count--) {
      const own = speaker.session.started;
      const languages = ['en', 'de', 'fr'].filter(() => random() < 0.6);
      const targetLanguages = languages.length === 0 ? ['en'] : languages;
      const options = { joinCode: own.joinCode, targetLanguages };
      listeners.push({ host: speaker, listener: opened.use(await startLiveListener(stack, options, judge)) });
    }
  }
  const stop = new AbortController();
  const talking = speakers.map((speaker, number) =>
    talk(speaker, `speaker ${number}`, seededRandom(seed + number + 1), stop.signal),
  );
  const targets = { stack, speakers, listeners: listeners.map(({ listener }) => listener) };
  const trouble = injectFaults(targets, random, stop.signal, tell);
  await delay(seconds * 1000);
  stop.abort();
  await trouble;
  await Promise.all(talking);

  const reports = await Promise.all(speakers.map((speaker) => speaker.end(120_000)));
  await Promise.all(
    listeners.map(({ listener }) => listener.waitForMessage(({ type }) => type === 'session.ended', 60_000)),
  );
  const violations = reports.flatMap((report, number) =>
    report.violations.map((violation) => `speaker ${number}: ${describeViolation(violation)}`),
  );
  for (const [number, { host, listener }] of listeners.entries()) {
    const broken = listener.judge(host);
    violations.push(...broken.map((violation) => `listener ${number}: ${describeViolation(violation)}`));
  }
  const redis = stack.redis.connect();
  const keys = await redis.keys('{s:*');
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
  };
}
