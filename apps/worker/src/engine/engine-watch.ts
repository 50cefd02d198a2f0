import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointObserver } from '@parley/engines';
import type { Engine } from '@parley/translation';
import { EndpointCondition } from './endpoint-condition.ts';

/** Why endpoints can't be used, by their names; empty: all can, as far as is known. */
export type EngineTroubles = Readonly<Record<string, string>>;

export interface EngineWatchOptions {
  /** Hears the troubles whenever they have changed. */
  readonly onChange: (troubles: EngineTroubles) => void;
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
}

interface Watched {
  readonly engine: Pick<Engine, 'check'>;
  readonly condition: EndpointCondition;
}

const everyMs = 5000;
const answerWithinMs = 4000;
/** An endpoint that has worked this lately isn't asked whether it is there. */
const workedLatelyMs = 10_000;

/** Knows which endpoints of one consumer can be used: by the calls that are made, and where there are none by asking. */
export class EngineWatch implements Disposable {
  readonly #options: EngineWatchOptions;
  readonly #endpoints = new Map<string, Watched>();
  readonly #closing = new AbortController();
  #told = '{}';

  constructor(options: EngineWatchOptions) {
    this.#options = options;
  }

  add(name: string, engine: Pick<Engine, 'check'>): void {
    this.#endpoints.set(name, { engine, condition: new EndpointCondition() });
  }

  /** An observer of the calls that hands on what it hears. */
  observing(observer: EndpointObserver): EndpointObserver {
    const conditionOf = (name: string): EndpointCondition | undefined => this.#endpoints.get(name)?.condition;
    return {
      endpointCalled: (name, kind, outcome, error) => {
        conditionOf(name)?.called(outcome, error, this.#options.now());
        this.#tell();
        observer.endpointCalled(name, kind, outcome, error);
      },
      circuitChanged: (name, position) => {
        conditionOf(name)?.circuitChanged(position);
        this.#tell();
        observer.circuitChanged(name, position);
      },
      endpointPassedOver: (name, reason) => observer.endpointPassedOver(name, reason),
      batched: (texts, outcome) => observer.batched(texts, outcome),
    };
  }

  /** Resolves after the first look at every endpoint. */
  async start(): Promise<void> {
    await this.#look();
    void this.#goOnLooking();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #goOnLooking(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => this.#check(endpoint)));
    this.#tell();
  }

  async #check({ engine, condition }: Watched): Promise<void> {
    if (this.#options.now() - condition.workedAtMs <= workedLatelyMs || this.#closing.signal.aborted) return;
    try {
      await engine.check?.(AbortSignal.any([this.#closing.signal, AbortSignal.timeout(answerWithinMs)]));
      condition.checked(undefined);
    } catch (error) {
      condition.checked(error);
    }
  }

  #tell(): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#options.now();
    const troubles: Record<string, string> = {};
    for (const [name, { condition }] of this.#endpoints) {
      const trouble = condition.trouble(now);
      if (trouble !== undefined) troubles[name] = trouble;
    }
    const told = JSON.stringify(troubles);
    if (told === this.#told) return;
    this.#told = told;
    this.#options.onChange(troubles);
  }
}
