import type { Recognizer } from '../recorded-segments.ts';
import { composeMemoryMib } from '../hostile/memory-limits.ts';
import type { MeasuredPoint } from './measured-point.ts';
import type { Capacity, Conversation } from './needs.ts';
import { speechOf } from './speech.ts';

/** What a size is reckoned with. */
export interface Assumptions {
  readonly recognizer: Recognizer;
  /** The latency of the engine: `none`, or one of `ENGINE_LATENCY`. */
  readonly engine: string;
  readonly cachedShare: number;
  readonly utilization: number;
}

export const usualAssumptions: Assumptions = {
  recognizer: 'PocketSphinx',
  engine: 'typical',
  cachedShare: 0,
  utilization: 0.6,
};

/** A part of its limit is left for what comes in bursts. */
const usedShareOfMemory = 0.8;
const bytesPerMib = 1024 * 1024;

/** As the model reckons: the limit of memory is that of `docker-compose.yml`. */
export function capacityOf({ utilization }: Pick<Assumptions, 'utilization'>): Capacity {
  return { utilization, edgeMemory: usedShareOfMemory * composeMemoryMib('edge') * bytesPerMib };
}

/** Shares that were measured with the loads in which partials are spoken. */
export function measuredShares(points: readonly MeasuredPoint[]): Pick<Conversation, 'shownShare' | 'tokensPerCall'> {
  const spoken = points.filter(({ drivers }) => drivers.partialCalls > 0 && drivers.finals > 0);
  const sum = (of: (point: MeasuredPoint) => number): number => spoken.reduce((total, point) => total + of(point), 0);
  const [calls, engineCalls] = [sum(({ drivers }) => drivers.partialCalls), sum(({ engine }) => engine.calls)];
  return {
    shownShare: calls === 0 ? 1 : sum(({ drivers }) => drivers.partialResults) / calls,
    tokensPerCall: engineCalls === 0 ? 0 : sum(({ engine }) => engine.tokens) / engineCalls,
  };
}

/** A remote engine has a rate limit. */
export function conversationOf(
  { recognizer, engine, cachedShare }: Assumptions,
  points: readonly MeasuredPoint[],
): Conversation {
  const speech = speechOf(recognizer, engine);
  return { speech, cachedShare, hasRateLimit: engine !== 'none', ...measuredShares(points) };
}
