import { systemClock, type Engine, type RateLimiter } from '@parley/translation';
import {
  Endpoint,
  type CallOutcome,
  type CircuitSettings,
  type EndpointObserver,
  type EndpointOptions,
} from '../src/index.ts';

export const circuit: CircuitSettings = {
  windowCalls: 20,
  minimumCalls: 4,
  failureShare: 0.5,
  firstPauseMs: 100,
  maxPauseMs: 100,
};

/** A rate limit that knows no limit. */
export const unlimited: RateLimiter = {
  countsTokens: false,
  isSaturated: false,
  acquire: () => Promise.resolve({ status: 'granted', permit: { release: () => 0 } }),
};

/** What an observer was told, as `NAME outcome` and the like. */
export function recordingObserver(): EndpointObserver & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    endpointCalled: (endpoint: string, _: string, outcome: CallOutcome) => void heard.push(`${endpoint} ${outcome}`),
    // Tests of its own look at durations.
    endpointAnswered: () => undefined,
    endpointPassedOver: (endpoint, reason) => void heard.push(`${endpoint} passed over: ${reason}`),
    circuitChanged: (endpoint, position) => void heard.push(`${endpoint} is ${position}`),
    batched: (texts, outcome) => void heard.push(`${texts} texts ${outcome}`),
  };
}

/** An endpoint without a limit and a price, unless another thing is given. */
export function endpointOf(engine: Engine, given: Partial<EndpointOptions> = {}): Endpoint {
  return new Endpoint({
    name: engine.name,
    engine,
    for: 'both',
    limiter: unlimited,
    batching: false,
    spending: { spent: () => undefined },
    price: undefined,
    chargedBy: 'tokens',
    circuit,
    observer: recordingObserver(),
    clock: systemClock,
    random: () => 0,
    ...given,
  });
}
