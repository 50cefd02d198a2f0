import {
  EngineDownError,
  EngineUnavailableError,
  LanguagePairs,
  LanguagePairUnsupportedError,
  type BatchAnswer,
  type Clock,
  type Engine,
  type EngineAnswer,
  type EngineCapabilities,
  type Price,
  type RateLimiter,
  type Spending,
  type TranslationRequest,
} from '@parley/translation';
import { CallLimiter } from './call-limiter.ts';
import { CallMeter } from './call-meter.ts';
import { failedCallOutcome, verdictOf, type CallOutcome } from './call-outcome.ts';
import { Circuit, type Admission, type CircuitPosition, type CircuitSettings } from './circuit.ts';
import { FinalBatches, type BatchOutcome, type TextsOfRequest } from './final-batches.ts';

/** Receives events of an endpoint's calls, for metrics. */
export interface EndpointObserver {
  /** @param error the error of a failed call */
  endpointCalled(endpoint: string, kind: 'partial' | 'final', outcome: CallOutcome, error?: unknown): void;
  /** A request, of one text or a batch, was answered completely. @param durationMs without the wait for a permit */
  endpointAnswered(endpoint: string, durationMs: number): void;
  /** The endpoint was skipped. `away`: it announced when it will be available again. */
  endpointPassedOver(endpoint: string, reason: 'circuit-open' | 'away' | 'unsupported'): void;
  circuitChanged(endpoint: string, position: CircuitPosition): void;
  /** A batch request has ended. */
  batched(texts: number, outcome: BatchOutcome): void;
}

export interface EndpointOptions {
  /** Label in metrics; contains no secrets. */
  readonly name: string;
  readonly engine: Engine;
  /** Which texts it translates. */
  readonly for: 'partial' | 'final' | 'both';
  readonly limiter: RateLimiter;
  /** Whether finals are batched while the rate limit is saturated. */
  readonly batching: boolean;
  readonly spending: Pick<Spending, 'spent'>;
  /** `undefined`: usage is recorded without a cost. */
  readonly price: Price | undefined;
  readonly chargedBy: 'tokens' | 'characters';
  readonly circuit: CircuitSettings;
  readonly observer: EndpointObserver;
  readonly clock: Clock;
  /** Returns a number in [0, 1), as `Math.random` does. */
  readonly random: () => number;
}

/** Further failures of the same text do not count against the endpoint: the text itself may be the cause. */
const maxCountedFailures = 5;
/** Upper limit of the pause that an unavailable endpoint requests, since it may recover earlier. */
const longestAbsenceMs = 10_000;

/** Admission of a call that is made regardless of the circuit and does not affect it. */
const uncounted: Admission = { end: () => undefined };

type OnText = (text: string) => void;

/**
 * An engine with everything that applies to its calls: supported languages, circuit breaker, batching, rate limit and
 * metering.
 */
export class Endpoint {
  readonly name: string;
  readonly engine: Engine;
  readonly #options: EndpointOptions;
  readonly #circuit: Circuit;
  readonly #limiter: CallLimiter;
  readonly #meter: CallMeter;
  readonly #batches: FinalBatches | undefined;
  /** Any pair, until the engine's capabilities are known. */
  #pairs = new LanguagePairs(undefined);
  /** Errors already counted by the circuit; the texts of a batch share one error. */
  readonly #countedErrors = new WeakSet<object>();
  #awayUntilMs = -Infinity;

  constructor(options: EndpointOptions) {
    const { name, engine, observer, clock, random, limiter } = options;
    this.name = name;
    this.engine = engine;
    this.#options = options;
    const onChange = (position: CircuitPosition): void => observer.circuitChanged(name, position);
    this.#circuit = new Circuit(options.circuit, { clock, random, onChange });
    this.#limiter = new CallLimiter(limiter, engine);
    this.#meter = new CallMeter(options);
    this.#batches = options.batching ? this.#createBatches() : undefined;
    observer.circuitChanged(name, 'closed');
  }

  serves(kind: TranslationRequest['kind']): boolean {
    return this.#options.for === 'both' || this.#options.for === kind;
  }

  /** Whether it supports the languages of a request, as far as known. */
  mayTranslate({ source, target }: Pick<TranslationRequest, 'source' | 'target'>): boolean {
    return this.#pairs.supports(source, target);
  }

  /** Whether it is called now, as far as known: neither is its circuit open nor has it announced that it is away. */
  get isCalled(): boolean {
    return this.#circuit.position === 'closed' && this.#awayUntilMs <= this.#options.clock.now();
  }

  /** Queries the language pairs of the engine and uses them from then on. */
  async learnPairs(signal: AbortSignal): Promise<EngineCapabilities['languagePairs']> {
    const { languagePairs } = await this.engine.capabilities(signal);
    this.#pairs = new LanguagePairs(languagePairs);
    return languagePairs;
  }

  /**
   * Makes one call, unless it cannot succeed.
   *
   * @param onText receives the reply while it is streamed
   * @throws EngineError of the call; without a call: LanguagePairUnsupportedError, EngineDownError, RateLimitReachedError
   */
  async call(request: TranslationRequest, onText?: OnText): Promise<EngineAnswer> {
    const admission = this.#admit(request);
    let outcome: CallOutcome = 'translated';
    let failure: unknown;
    let isCounted = true;
    try {
      const answer = await this.#translate(request, onText);
      this.#awayUntilMs = -Infinity;
      return answer;
    } catch (error) {
      failure = error;
      outcome = failedCallOutcome(error);
      isCounted = this.#isCounted(error, request);
      this.#pauseIfRequested(error);
      throw error;
    } finally {
      admission.end(isCounted ? verdictOf(outcome) : 'unknown');
      this.#options.observer.endpointCalled(this.name, request.kind, outcome, failure);
    }
  }

  /** Admits a call or throws. The last try of a text is admitted even if the circuit is open. */
  #admit(request: TranslationRequest): Admission {
    const { observer, clock } = this.#options;
    if (!this.mayTranslate(request)) {
      observer.endpointPassedOver(this.name, 'unsupported');
      throw new LanguagePairUnsupportedError();
    }
    const awayMs = this.#awayUntilMs - clock.now();
    const admission = awayMs > 0 ? undefined : this.#circuit.admit();
    if (admission !== undefined) return admission;
    if (request.isLastTry === true) return uncounted;
    observer.endpointPassedOver(this.name, awayMs > 0 ? 'away' : 'circuit-open');
    throw new EngineDownError(awayMs > 0 ? awayMs : this.#circuit.retryAfterMs);
  }

  async #translate(request: TranslationRequest, onText: OnText | undefined): Promise<EngineAnswer> {
    const shared = await this.#batches?.translate(request);
    if (shared !== undefined) {
      onText?.(shared.text);
      return shared;
    }
    const send = (onText: OnText): Promise<EngineAnswer> => this.engine.translate(request, onText);
    return await this.#send([request], request.signal, send, onText);
  }

  /** Makes one request within the rate limit and records its usage. */
  async #send<Answer extends EngineAnswer | BatchAnswer>(
    requests: TextsOfRequest,
    signal: AbortSignal,
    send: (onText: OnText) => Promise<Answer>,
    onText?: OnText,
  ): Promise<Answer> {
    const permit = await this.#limiter.acquire(requests, signal);
    const { clock, observer } = this.#options;
    const sentAtMs = clock.now();
    let reply = '';
    try {
      const answer = await send((text) => {
        reply += text;
        onText?.(text);
      });
      observer.endpointAnswered(this.name, clock.now() - sentAtMs);
      this.#meter.answered(requests, answer.usage, 'texts' in answer ? answer.texts.join('') : answer.text);
      permit.answered(answer);
      return answer;
    } catch (error) {
      this.#meter.failed(requests, error, reply);
      throw permit.failed(error, reply !== '');
    }
  }

  #createBatches(): FinalBatches | undefined {
    const { engine, limiter, clock, observer } = this.#options;
    const translateBatch = engine.translateBatch?.bind(engine);
    if (translateBatch === undefined) return undefined;
    return new FinalBatches({
      isSaturated: () => limiter.isSaturated,
      send: (requests, signal) => this.#send(requests, signal, () => translateBatch(requests, signal)),
      clock,
      onBatch: (texts, outcome) => observer.batched(texts, outcome),
    });
  }

  /** Whether a failure counts for the circuit; each error counts once. */
  #isCounted(error: unknown, { earlierAttempts = 0 }: TranslationRequest): boolean {
    if (typeof error === 'object' && error !== null) {
      if (this.#countedErrors.has(error)) return false;
      this.#countedErrors.add(error);
    }
    return earlierAttempts < maxCountedFailures;
  }

  /** Pauses calls to an endpoint that announced when it will be available again. */
  #pauseIfRequested(error: unknown): void {
    if (!(error instanceof EngineUnavailableError) || error.retryAfterMs === undefined) return;
    this.#awayUntilMs = this.#options.clock.now() + Math.min(error.retryAfterMs, longestAbsenceMs);
  }
}
