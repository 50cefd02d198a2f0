import type { EngineLatency, LatencyQuantiles } from '@parley/config';
import { standardNormal, type RandomSource } from './seeded-random.ts';

/** The latency of one reply, measured from the arrival of its request. */
export interface ReplyTiming {
  readonly firstTokenMs: number;
  readonly perTokenMs: number;
}

/** The profiles give median and 95th percentile for a reply of this many tokens: a sentence of about 60 characters. */
const typicalReplyTokens = 15;

const profiles = { fast: { medianMs: 180, p95Ms: 350 }, typical: { medianMs: 600, p95Ms: 1400 } } as const;

/** The share of a reply's time before its first token. */
const firstTokenShare = 0.6;

/** The 95th percentile of the standard normal distribution. */
const z95 = 1.645;

/**
 * Models a remote engine's latency; each call of the result draws the times of one reply.
 *
 * A time with the median m and the 95th percentile p is log-normal, m * exp(sigma * z) with z standard normal, where
 * p = m * exp(sigma * 1.645) and so sigma = ln(p / m) / 1.645. One z is drawn for a whole reply, since what makes a
 * remote engine slow (its load, the network) lasts longer than a token. First token F and token T thus rise together,
 * and the quantiles of a sum of such times are the sums of their quantiles: a reply of n tokens has the median
 * F50 + (n - 1) * T50 and the 95th percentile F95 + (n - 1) * T95. A profile gives median and 95th percentile of the
 * whole reply W of 15 tokens; with F = 0.6 * W and T = 0.4 * W / 14, both with the sigma of W, that reply is W exactly.
 *
 * @param random called twice per reply, regardless of its length, so that results are reproducible
 */
export function latencyModel(latency: EngineLatency, random: RandomSource): () => ReplyTiming {
  if (latency === 'none') return () => ({ firstTokenMs: 0, perTokenMs: 0 });
  const { firstToken, perToken } = typeof latency === 'string' ? split(profiles[latency]) : latency;
  return () => {
    const z = standardNormal(random);
    return { firstTokenMs: logNormal(firstToken, z), perTokenMs: logNormal(perToken, z) };
  };
}

/** Returns the duration of a whole reply. */
export function replyMs(timing: ReplyTiming, tokens: number): number {
  return timing.firstTokenMs + Math.max(0, tokens - 1) * timing.perTokenMs;
}

function split(whole: LatencyQuantiles): { firstToken: LatencyQuantiles; perToken: LatencyQuantiles } {
  return {
    firstToken: scale(whole, firstTokenShare),
    perToken: scale(whole, (1 - firstTokenShare) / (typicalReplyTokens - 1)),
  };
}

function scale({ medianMs, p95Ms }: LatencyQuantiles, factor: number): LatencyQuantiles {
  return { medianMs: medianMs * factor, p95Ms: p95Ms * factor };
}

function logNormal({ medianMs, p95Ms }: LatencyQuantiles, z: number): number {
  const sigma = Math.log(p95Ms / medianMs) / z95;
  return medianMs * Math.exp(sigma * z);
}
