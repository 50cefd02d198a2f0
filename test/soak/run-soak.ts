import { setMaxListeners } from 'node:events';
import { pause } from '../chaos/pause.ts';
import { startStack } from '../harness/index.ts';
import { startRedis } from '../harness/redis.ts';
import { fillSlot } from './fill-slot.ts';
import { killInTurn } from './kill-in-turn.ts';
import { StackMeter, type Measurement } from './measure.ts';
import { Problems } from './problems.ts';
import { requireExpiry } from './require-expiry.ts';
import { Series } from './series.ts';
import { zeroCounts, type SoakCounts } from './soak-counts.ts';
import type { Trend } from './trend.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** How many sessions there are at a time. */
  readonly sessions: number;
  /** Called with a line each minute. */
  readonly tell: (line: string) => void;
  /** Called with each measurement. */
  readonly onMeasured?: (atMs: number, measurement: Measurement) => void;
  /** Ends the run early; what was measured until then is reported. */
  readonly signal: AbortSignal;
}

type Trends = ReadonlyMap<string, Trend | undefined>;

export interface SoakReport {
  readonly counts: Readonly<SoakCounts>;
  /** Lost, doubled and disordered finals, sessions that failed, and keys that sessions left. */
  readonly problems: Readonly<Pick<Problems, 'lines' | 'count'>>;
  /** From when on the trends are taken. */
  readonly fromMinute: number;
  readonly lasting: Trends;
  readonly restarted: Trends;
  readonly keys: Trends;
}

const minuteMs = 60_000;
const sampleIntervalMs = 10_000;
const samplesPerLine = minuteMs / sampleIntervalMs;
const killIntervalMs = 5 * minuteMs;
/** An entry of the cache lives for up to a day, so the cache must be full within the first minutes instead. */
const cacheMemory = '4mb';
/** So that what a session leaves has expired two minutes after its end, and the list of ended sessions is full after some minutes. */
const shortRetention = {
  TRANSCRIPT_RETENTION_MINUTES: '1',
  TRANSCRIPTS_MAX_BYTES_PER_TENANT: '4194304',
  SESSION_GRACE_MS: '20000',
};
const expiredWithinMs = 4 * minuteMs;

/**
 * Runs sessions that come and go on two edges and two workers for a long time, while listeners come and go, clients lose their
 * connections, and one edge and one worker are killed now and then. Measures memory and keys, and checks what every client received.
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { seed, minutes, sessions, tell, signal } = options;
  await using cache = await startRedis('cache');
  await cache.connect().config('SET', 'maxmemory', cacheMemory);
  await using stack = await startStack({
    edges: 2,
    workers: 2,
    env: {
      WORKERS: 'process',
      ENGINE_LATENCY: '60/180,1/3',
      ENGINE_SEED: String(seed),
      CACHE: 'on',
      CACHE_REDIS_URL: cache.url,
      ...shortRetention,
    },
  });
  const meter = new StackMeter(stack, cache);
  const [lasting, restarted, keys] = [new Series(), new Series(), new Series(0)];
  const counts = zeroCounts();
  const problems = new Problems();
  const over = AbortSignal.any([signal, AbortSignal.timeout(minutes * minuteMs)]);
  setMaxListeners(0, over);
  const startedAtMs = performance.now();

  const measure = async (): Promise<void> => {
    for (let number = 1; await pause(sampleIntervalMs, over); number++) {
      await problems.watch('measuring failed', async () => {
        const measurement = await meter.measure();
        const atMs = performance.now() - startedAtMs;
        lasting.add(atMs, measurement.lasting);
        restarted.add(atMs, measurement.restarted);
        keys.add(atMs, measurement.keys);
        options.onMeasured?.(atMs, measurement);
        if (number % samplesPerLine === 0) tell(progressLine(counts, problems, measurement));
      });
    }
  };
  const killing = problems.watch('restarting failed', () =>
    killInTurn(stack, Math.min(killIntervalMs, (minutes * minuteMs) / 4), over, () => (counts.processesKilled += 1)),
  );
  const slots = Array.from({ length: sessions }, (_, slot) =>
    fillSlot({ stack, slot, seed, minutes, counts, problems, signal: over }),
  );
  await Promise.all([measure(), killing, ...slots]);
  if (!signal.aborted) await requireExpiry(stack.redis.connect(), problems, expiredWithinMs, signal);
  const fromMinute = Math.min(10, minutes / 6);
  const trendsOf = (series: Series): Trends => series.trends(fromMinute * minuteMs);
  return {
    counts,
    problems,
    fromMinute,
    lasting: trendsOf(lasting),
    restarted: trendsOf(restarted),
    keys: trendsOf(keys),
  };
}

function progressLine(counts: SoakCounts, problems: Problems, { lasting }: Measurement): string {
  const { sessionsStarted, finalsTranslated, processesKilled } = counts;
  const values = [...lasting].map(([name, value]) => `${name} ${value.toFixed(name.endsWith('MiB') ? 1 : 0)}`);
  return [
    `${sessionsStarted} sessions, ${finalsTranslated} finals, ${processesKilled} kills, ${problems.count} problems`,
    ...values,
  ].join('; ');
}
