import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointObserver } from '@parley/engines';
import type { Engine } from '@parley/translation';
import { EndpointCondition } from './endpoint-condition.ts';

/** Reasons of unusable endpoints by name; empty: all are usable, as far as known. */
export type EngineTroubles = Readonly<Record<string, string>>;

export interface EngineWatchOptions {
  /** Called with all troubles whenever they change. */
  readonly onChange: (troubles: EngineTroubles) => void;
  /** Monotonic clock, in milliseconds. */
  readonly now: () => number;
}

interface Watched {
  readonly engine: Pick<Engine, 'check'>;
  readonly condition: EndpointCondition;
}

const checkEveryMs = 5000;
const checkTimeoutMs = 4000;
/** Endpoints that worked within this time are not checked. */
const workedLatelyMs = 10_000;

/** Monitors the endpoints of one consumer: by their calls, and by checks if there are none. */
export class EngineWatch implements Disposable {
  readonly #options: EngineWatchOptions;
  readonly #endpoints = new Map<string, Watched>();
  readonly #closing = new AbortController();
  #reported = '{}';

  constructor(options: EngineWatchOptions) {
    this.#options = options;
  }

  add(name: string, engine: Pick<Engine, 'check'>): void {
    this.#endpoints.set(name, { engine, condition: new EndpointCondition() });
  }

  /** Wraps an observer to watch the calls. */
  observing(observer: EndpointObserver): EndpointObserver {
    const conditionOf = (name: string): EndpointCondition | undefined => this.#endpoints.get(name)?.condition;
    return {
      endpointCalled: (name, kind, outcome, error) => {
        conditionOf(name)?.called(outcome, error, this.#options.now());
        this.#report();
        observer.endpointCalled(name, kind, outcome, error);
      },
      circuitChanged: (name, position) => {
        conditionOf(name)?.circuitChanged(position);
        this.#report();
        observer.circuitChanged(name, position);
      },
      endpointAnswered: (name, durationMs) => observer.endpointAnswered(name, durationMs),
      endpointPassedOver: (name, reason) => observer.endpointPassedOver(name, reason),
      batched: (texts, outcome) => observer.batched(texts, outcome),
    };
  }

  /** Resolves after the first check of every endpoint. */
  async start(): Promise<void> {
    await this.#checkAll();
    void this.#keepChecking();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #keepChecking(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await delay(checkEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
      await this.#checkAll();
    }
  }

  async #checkAll(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => this.#check(endpoint)));
    this.#report();
  }

  async #check({ engine, condition }: Watched): Promise<void> {
    if (this.#options.now() - condition.workedAtMs <= workedLatelyMs || this.#closing.signal.aborted) return;
    try {
      await engine.check?.(AbortSignal.any([this.#closing.signal, AbortSignal.timeout(checkTimeoutMs)]));
      condition.checked(undefined);
    } catch (error) {
      condition.checked(error);
    }
  }

  #report(): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#options.now();
    const troubles: Record<string, string> = {};
    for (const [name, { condition }] of this.#endpoints) {
      const trouble = condition.trouble(now);
      if (trouble !== undefined) troubles[name] = trouble;
    }
    const reported = JSON.stringify(troubles);
    if (reported === this.#reported) return;
    this.#reported = reported;
    this.#options.onChange(troubles);
  }
}
