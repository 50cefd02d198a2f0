import {
  EngineDownError,
  EngineUnavailableError,
  LanguagePairs,
  LanguagePairUnsupportedError,
  type Clock,
  type Engine,
  type EngineError,
  type TranslationPiece,
  type TranslationRequest,
} from '@parley/translation';
import { failedCallOutcome, verdictOf, type CallOutcome } from './call-outcome.ts';
import { Circuit, type Admission, type CircuitPosition, type CircuitSettings } from './circuit.ts';
import type { FailoverObserver } from './failover-observer.ts';

/** One of several endpoints. */
export interface FailoverEndpoint {
  /** Names it in metrics; no secrets. */
  readonly name: string;
  readonly engine: Engine;
  readonly for: 'partial' | 'final' | 'both';
}

export interface MemberOptions {
  readonly circuit: CircuitSettings;
  readonly observer: FailoverObserver;
  readonly clock: Pick<Clock, 'now'>;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
}

/** More failures of one text than this say nothing of the endpoint: it may be one that the endpoint can't bear. */
const toldFailures = 5;
/** An endpoint that says when it will be back is left alone so long, and no longer: it may be back before. */
const longestAbsenceMs = 10_000;

/** A call that is made whatever the circuit says, and decides nothing. */
const anyway: Admission = { end: () => undefined };

/** An endpoint with its circuit, and what it is known to translate. */
export class Member {
  readonly name: string;
  readonly engine: Engine;
  /** Any, until it has said which. */
  pairs = new LanguagePairs(undefined);
  readonly #purpose: FailoverEndpoint['for'];
  readonly #observer: FailoverObserver;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #circuit: Circuit;
  /** Errors that were told to the circuit: texts that share a request share its error, which is that of one call. */
  readonly #told = new WeakSet<object>();
  #awayUntilMs = -Infinity;

  constructor(endpoint: FailoverEndpoint, { circuit, observer, clock, random }: MemberOptions) {
    const { name, engine } = endpoint;
    this.name = name;
    this.engine = engine;
    this.#purpose = endpoint.for;
    this.#observer = observer;
    this.#clock = clock;
    const onChange = (position: CircuitPosition): void => observer.circuitChanged(name, position);
    this.#circuit = new Circuit(circuit, { clock, random, onChange });
    observer.circuitChanged(name, 'closed');
  }

  serves(kind: TranslationRequest['kind']): boolean {
    return this.#purpose === 'both' || this.#purpose === kind;
  }

  /** Lets a call through, or says why this endpoint can't be asked. A text's last try is let through always. */
  admit({ source, target, lastTry = false }: TranslationRequest): Admission | EngineError {
    if (!this.pairs.mayHold(source, target)) {
      this.#observer.endpointPassedOver(this.name, 'unsupported');
      return new LanguagePairUnsupportedError("the engine doesn't translate between these languages");
    }
    const awayMs = this.#awayUntilMs - this.#clock.now();
    const admission = awayMs > 0 ? undefined : this.#circuit.admit();
    if (admission !== undefined) return admission;
    if (lastTry) return anyway;
    this.#observer.endpointPassedOver(this.name, awayMs > 0 ? 'away' : 'circuit-open');
    return new EngineDownError(awayMs > 0 ? awayMs : this.#circuit.retryAfterMs);
  }

  /** Makes the call that was let through. */
  async *ask(request: TranslationRequest, admission: Admission): AsyncGenerator<TranslationPiece> {
    let outcome: CallOutcome = 'cancelled';
    let isToldBefore = false;
    let failure: unknown;
    try {
      yield* this.engine.translate(request);
      outcome = 'translated';
      this.#awayUntilMs = -Infinity;
    } catch (error) {
      outcome = failedCallOutcome(error);
      isToldBefore = this.#isTold(error) || (request.earlierAttempts ?? 0) >= toldFailures;
      failure = error;
      this.#goesAway(error);
      throw error;
    } finally {
      admission.end(isToldBefore ? 'unknown' : verdictOf(outcome));
      this.#observer.endpointCalled(this.name, request.kind, outcome, failure);
    }
  }

  /** An endpoint that says so is left alone, whatever its circuit says. */
  #goesAway(error: unknown): void {
    if (!(error instanceof EngineUnavailableError) || error.retryAfterMs === undefined) return;
    this.#awayUntilMs = this.#clock.now() + Math.min(error.retryAfterMs, longestAbsenceMs);
  }

  #isTold(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    const isTold = this.#told.has(error);
    this.#told.add(error);
    return isTold;
  }
}
