import {
  createFailoverEngine,
  type CallOutcome,
  type CircuitSettings,
  type FailoverEndpoint,
  type FailoverObserver,
} from '../src/index.ts';
import {
  systemClock,
  type Engine,
  type EngineCapabilities,
  type TranslationPiece,
  type TranslationRequest,
} from '@parley/translation';

export const circuit: CircuitSettings = {
  windowCalls: 20,
  minimumCalls: 4,
  failureShare: 0.5,
  firstPauseMs: 100,
  maxPauseMs: 100,
};

/** What an engine does with a call: it fails, with an error of its own or with this one, or gives these pieces of text and then, perhaps, fails. */
export type Reply = Error | (() => Error) | readonly (string | Error)[];

export interface FakeEngine extends Engine {
  readonly calls: TranslationRequest[];
  reply: Reply;
  pairs: EngineCapabilities['languagePairs'] | Error;
}

/** An engine that answers as it is told. */
export function fakeEngine(name: string): FakeEngine {
  return {
    name,
    calls: [],
    reply: [name],
    pairs: undefined,
    identity: (kind) => `${name} ${kind}`,
    warm: () => Promise.resolve(),
    capabilities() {
      if (this.pairs instanceof Error) return Promise.reject(this.pairs);
      return Promise.resolve({ languagePairs: this.pairs });
    },
    async *translate(request): AsyncGenerator<TranslationPiece> {
      this.calls.push(request);
      await Promise.resolve();
      if (this.reply instanceof Error) throw this.reply;
      if (typeof this.reply === 'function') throw this.reply();
      for (const piece of this.reply) {
        if (piece instanceof Error) throw piece;
        yield { type: 'text', text: piece };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** What an observer was told, as `NAME outcome` and the like. */
export function recordingObserver(): FailoverObserver & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    endpointCalled: (endpoint: string, _: string, outcome: CallOutcome) => void heard.push(`${endpoint} ${outcome}`),
    endpointPassedOver: (endpoint, reason) => void heard.push(`${endpoint} passed over: ${reason}`),
    circuitChanged: (endpoint, position) => void heard.push(`${endpoint} is ${position}`),
    failedOver: (kind) => void heard.push(`${kind} failed over`),
  };
}

/** Two endpoints, `one` and `two`, and the engine over them. */
export function startFailover(
  purposes: Partial<Record<'one' | 'two', FailoverEndpoint['for']>> = {},
  clock = systemClock,
) {
  const [one, two] = [fakeEngine('one'), fakeEngine('two')];
  const observer = recordingObserver();
  const engine = createFailoverEngine({
    endpoints: [
      { name: 'one', engine: one, for: purposes.one ?? 'both' },
      { name: 'two', engine: two, for: purposes.two ?? 'both' },
    ],
    circuit,
    observer,
    clock,
    random: () => 0,
  });
  observer.heard.length = 0;
  return { engine, one, two, heard: observer.heard };
}
