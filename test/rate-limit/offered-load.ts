import { setTimeout as delay } from 'node:timers/promises';
import { startLiveSpeaker, startStack, type LiveSpeaker, type TestStack } from '../harness/index.ts';

/** A load above the engine's limit. */
export interface OfferedLoad {
  readonly limiter: 'sliding' | 'bucket';
  /** Requests per minute that the engine allows. */
  readonly perMinute: number;
  /** Tokens per minute that the engine allows, instead of a limit of requests. */
  readonly tokensPerMinute?: number;
  /** The window of the engine's limit; the rate stays the same. */
  readonly windowMs: number;
  /** The capacity of the engine's bucket, in milliseconds of refill. */
  readonly burstMs: number;
  /** Transcripts per minute of all sessions together. */
  readonly offeredPerMinute: number;
  readonly sessions: number;
  readonly workers: number;
  readonly forMs: number;
  /** Whether the workers know the limit; otherwise they learn it from rejections. */
  readonly isKnown: boolean;
}

/** The outcome of an offered load. */
export interface OfferedResult {
  readonly asked: number;
  /** The share of requests that the engine rejected with 429. */
  readonly refusedShare: number;
  /** Served requests as a share of the allowed ones; `undefined` with a token limit. */
  readonly usedShare: number | undefined;
  readonly finals: number;
  readonly finalsTranslated: number;
  readonly violations: number;
  /** The longest time without a translation in an active session, in ms. */
  readonly longestGapMs: number;
  /** Sessions that received `session.degraded`. */
  readonly degraded: number;
  readonly partialsSaid: number;
  readonly partialsShown: number;
  /** Partials shown in the session with the fewest, as a share of those in the session with the most. */
  readonly evenness: number;
}

/** The number of partials before each final. */
const partialsPerFinal = 7;
/** The warm-up before measuring, as a share of the window, until initially full buckets are used up. */
const warmUpShare = 0.25;

/** Runs a pipeline under a load above the engine's limit. */
export async function runOfferedLoad(offer: OfferedLoad, signal?: AbortSignal): Promise<OfferedResult> {
  const { perMinute, tokensPerMinute, windowMs, burstMs, limiter } = offer;
  const isOfTokens = tokensPerMinute !== undefined;
  const limit = isOfTokens ? { OPENAI_TPM: String(tokensPerMinute) } : { OPENAI_RPM: String(perMinute) };
  await using stack = await startStack({
    workers: offer.workers,
    env: { ENGINE_LATENCY: 'fast', ...(offer.isKnown ? limit : {}) },
  });
  const retryHint = offer.isKnown ? 'both' : 'text';
  const inAWindow = Math.round(((tokensPerMinute ?? perMinute) * windowMs) / 60_000);
  const allowed = isOfTokens ? { tpm: inAWindow } : { rpm: inAWindow };
  await stack.postToEngine('/debug/limit', { ...allowed, limiter, windowMs, burstMs, retryHint });
  await using resources = new AsyncDisposableStack();
  const speakers = await Promise.all(
    Array.from({ length: offer.sessions }, async () =>
      resources.use(await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' })),
    ),
  );
  const stop = new AbortController();
  const everyMs = (60_000 * offer.sessions) / offer.offeredPerMinute;
  const talks = speakers.map((speaker, index) => talk(speaker, index, everyMs, stop.signal));
  await delay(windowMs * warmUpShare, undefined, { signal });
  const before = await statsOf(stack);
  const startedAtMs = performance.now();
  await delay(offer.forMs, undefined, { signal });
  const after = await statsOf(stack);
  const tookMs = performance.now() - startedAtMs;
  stop.abort();
  const said = await Promise.all(talks);
  const reports = await Promise.all(speakers.map((speaker) => speaker.end(130_000)));
  const asked = after.requests - before.requests;
  const refused = after.rejected - before.rejected;
  const shown = speakers.map(({ messages }) => messages.filter(({ type }) => type === 'translation.partial').length);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    asked,
    refusedShare: refused / asked,
    usedShare: isOfTokens ? undefined : (asked - refused) / ((perMinute * tookMs) / 60_000),
    finals: sum(said.map(({ finals }) => finals)),
    finalsTranslated: sum(reports.map(({ counts }) => counts.finalsTranslated)),
    violations: sum(reports.map(({ violations }) => violations.length)),
    longestGapMs: Math.max(...said.map(({ longestGapMs }) => longestGapMs)),
    degraded: speakers.filter(({ messages }) => messages.some(({ type }) => type === 'session.degraded')).length,
    partialsSaid: sum(said.map(({ partials }) => partials)),
    partialsShown: sum(shown),
    evenness: Math.min(...shown) / Math.max(...shown),
  };
}

/** 15 sessions offer 900 requests per minute to 4 workers, 600 are allowed. */
export const offered900Allowed600 = {
  perMinute: 600,
  offeredPerMinute: 900,
  sessions: 15,
  workers: 4,
  burstMs: 500,
  isKnown: true,
} as const satisfies Partial<OfferedLoad>;

interface Talk {
  readonly finals: number;
  readonly partials: number;
  readonly longestGapMs: number;
}

/** Sends a transcript every `everyMs` until the signal. Session starts are spread evenly. */
async function talk({ session }: LiveSpeaker, index: number, everyMs: number, signal: AbortSignal): Promise<Talk> {
  const random = (index * 0.618034) % 1;
  let longestGapMs = 0;
  let shownAtMs: number | undefined;
  const shown = (): void => {
    const now = performance.now();
    if (shownAtMs !== undefined) longestGapMs = Math.max(longestGapMs, now - shownAtMs);
    shownAtMs = now;
  };
  const offs = [session.on('translation.partial', shown), session.on('translation.final', shown)];
  const accepted: Promise<void>[] = [];
  // Each session starts at another position of its sentence.
  let [segmentId, revision, finals, partials] = [0, index % (partialsPerFinal + 1), 0, 0];
  await delay(random * everyMs);
  shownAtMs = performance.now();
  while (!signal.aborted) {
    const text = `session ${index} says sentence ${segmentId}`;
    if (revision < partialsPerFinal) {
      session.sendPartial({ segmentId, revision, text: `${text}, word ${revision}` });
      revision++;
      partials++;
    } else {
      accepted.push(session.sendFinal({ segmentId, text }));
      segmentId++;
      revision = 0;
      finals++;
    }
    await delay(everyMs);
  }
  shown();
  for (const off of offs) off();
  await Promise.all(accepted);
  return { finals, partials, longestGapMs };
}

async function statsOf(stack: TestStack): Promise<{ requests: number; rejected: number }> {
  const response = await fetch(new URL('/debug/stats', stack.engine.url));
  return (await response.json()) as { requests: number; rejected: number };
}
