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

/** Hears what happens to the calls of an endpoint, to count it. */
export interface EndpointObserver {
  /** @param error what the call threw, if it did */
  endpointCalled(endpoint: string, kind: 'partial' | 'final', outcome: CallOutcome, error?: unknown): void;
  /** It was not asked. `away`: it said when it would be back. */
  endpointPassedOver(endpoint: string, reason: 'circuit-open' | 'away' | 'unsupported'): void;
  circuitChanged(endpoint: string, position: CircuitPosition): void;
  /** A request for several texts has ended. */
  batched(texts: number, outcome: BatchOutcome): void;
}

export interface EndpointOptions {
  /** Names it in metrics; no secrets. */
  readonly name: string;
  readonly engine: Engine;
  /** Which texts it is asked for. */
  readonly for: 'partial' | 'final' | 'both';
  readonly limiter: RateLimiter;
  /** Whether finals share requests while the rate limit is saturated. */
  readonly batching: boolean;
  readonly spending: Pick<Spending, 'spent'>;
  /** `undefined`: its calls are counted and cost nothing known. */
  readonly price: Price | undefined;
  readonly chargedBy: 'tokens' | 'characters';
  readonly circuit: CircuitSettings;
  readonly observer: EndpointObserver;
  readonly clock: Clock;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
}

/** More failures of one text than this say nothing of the endpoint: it may be one that the endpoint can't bear. */
const maxCountedFailures = 5;
/** An endpoint that says when it will be back is left alone so long, and no longer: it may be back before. */
const longestAbsenceMs = 10_000;

/** A call that is made whatever the circuit says, and decides nothing. */
const uncounted: Admission = { end: () => undefined };

type OnText = (text: string) => void;

/**
 * One engine with everything that a call passes on its way there: the languages it is known to translate, its circuit
 * breaker, batches, its rate limit, and the count of what is spent.
 */
export class Endpoint {
  readonly name: string;
  readonly engine: Engine;
  readonly #options: EndpointOptions;
  readonly #circuit: Circuit;
  readonly #limiter: CallLimiter;
  readonly #meter: CallMeter;
  readonly #batches: FinalBatches | undefined;
  /** Any, until the engine has said which. */
  #pairs = new LanguagePairs(undefined);
  /** Errors that the circuit has counted: texts that share a request share its error, which is that of one call. */
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

  /** Whether it may translate between the languages of a request, as far as its engine has said. */
  mayTranslate({ source, target }: Pick<TranslationRequest, 'source' | 'target'>): boolean {
    return this.#pairs.supports(source, target);
  }

  /** Asks the engine which pairs it translates, and goes by that from now on. */
  async learnPairs(signal: AbortSignal): Promise<EngineCapabilities['languagePairs']> {
    const { languagePairs } = await this.engine.capabilities(signal);
    this.#pairs = new LanguagePairs(languagePairs);
    return languagePairs;
  }

  /**
   * Makes one call, or none where that is known to be in vain.
   *
   * @param onText hears the reply while it comes
   * @throws EngineError of the call; before any: LanguagePairUnsupportedError, EngineDownError, RateLimitReachedError
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
      this.#leaveAlone(error);
      throw error;
    } finally {
      admission.end(isCounted ? verdictOf(outcome) : 'unknown');
      this.#options.observer.endpointCalled(this.name, request.kind, outcome, failure);
    }
  }

  /** Lets a call through, or says why it can't be made. A text's last try is let through whatever the circuit says. */
  #admit(request: TranslationRequest): Admission {
    const { observer, clock } = this.#options;
    if (!this.mayTranslate(request)) {
      observer.endpointPassedOver(this.name, 'unsupported');
      throw new LanguagePairUnsupportedError("the engine doesn't translate between these languages");
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

  /** Makes one request of the engine as its rate limit allows, and counts what it took. */
  async #send<Answer extends EngineAnswer | BatchAnswer>(
    requests: TextsOfRequest,
    signal: AbortSignal,
    send: (onText: OnText) => Promise<Answer>,
    onText?: OnText,
  ): Promise<Answer> {
    const permit = await this.#limiter.acquire(requests, signal);
    let reply = '';
    try {
      const answer = await send((text) => {
        reply += text;
        onText?.(text);
      });
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

  /** Whether the circuit counts a failure, which it does once. */
  #isCounted(error: unknown, { earlierAttempts = 0 }: TranslationRequest): boolean {
    if (typeof error === 'object' && error !== null) {
      if (this.#countedErrors.has(error)) return false;
      this.#countedErrors.add(error);
    }
    return earlierAttempts < maxCountedFailures;
  }

  /** An endpoint that says when it will be back is left alone until then, whatever its circuit says. */
  #leaveAlone(error: unknown): void {
    if (!(error instanceof EngineUnavailableError) || error.retryAfterMs === undefined) return;
    this.#awayUntilMs = this.#options.clock.now() + Math.min(error.retryAfterMs, longestAbsenceMs);
  }
}
