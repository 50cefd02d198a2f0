import {
  EngineDownError,
  LanguagePairUnsupportedError,
  type Engine,
  type EngineError,
  type TranslationPiece,
  type TranslationRequest,
} from '@parley/translation';
import { outcomeOf, verdictOf, type CallOutcome } from './call-outcome.ts';
import { Circuit, type Admission, type CircuitSettings } from './circuit.ts';
import type { FailoverObserver } from './failover-observer.ts';
import { KnownPairs } from './known-pairs.ts';

/** One of several endpoints. */
export interface FailoverEndpoint {
  /** Names it in metrics; no secrets. */
  readonly name: string;
  readonly engine: Engine;
  readonly for: 'partial' | 'final' | 'both';
}

/** An endpoint with its circuit, and what it is known to translate. */
export class Member {
  readonly name: string;
  readonly engine: Engine;
  readonly pairs = new KnownPairs();
  readonly #purpose: FailoverEndpoint['for'];
  readonly #observer: FailoverObserver;
  readonly #circuit: Circuit;

  constructor(endpoint: FailoverEndpoint, circuit: CircuitSettings, random: () => number, observer: FailoverObserver) {
    const { name, engine } = endpoint;
    this.name = name;
    this.engine = engine;
    this.#purpose = endpoint.for;
    this.#observer = observer;
    this.#circuit = new Circuit(circuit, random, (position) => observer.circuitChanged(name, position));
    observer.circuitChanged(name, 'closed');
  }

  serves(kind: TranslationRequest['kind']): boolean {
    return this.#purpose === 'both' || this.#purpose === kind;
  }

  /** Lets a call through, or says why this endpoint can't be asked. */
  admit({ source, target }: TranslationRequest): Admission | EngineError {
    if (!this.pairs.mayHold(source, target)) {
      this.#observer.endpointPassedOver(this.name, 'unsupported');
      return new LanguagePairUnsupportedError("the engine doesn't translate between these languages");
    }
    const admission = this.#circuit.admit();
    if (admission !== undefined) return admission;
    this.#observer.endpointPassedOver(this.name, 'circuit-open');
    return new EngineDownError(this.#circuit.retryAfterMs);
  }

  /** Makes the call that was let through. */
  async *ask(request: TranslationRequest, admission: Admission): AsyncGenerator<TranslationPiece> {
    let outcome: CallOutcome = 'cancelled';
    try {
      yield* this.engine.translate(request);
      outcome = 'translated';
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      admission.end(verdictOf(outcome));
      this.#observer.endpointCalled(this.name, request.kind, outcome);
    }
  }
}
