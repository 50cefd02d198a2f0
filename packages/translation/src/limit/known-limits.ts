import type { EngineLimits } from '../engine/engine.ts';
import { bucketShape, type RoomShape } from './bucket-shape.ts';

/** What an endpoint allows in a minute; `undefined`: not known. */
export interface MinuteLimits {
  readonly requests: number | undefined;
  readonly tokens: number | undefined;
}

/** The limits that are configured and, where one isn't, the one that the engine told last. */
export class KnownLimits {
  readonly #configured: MinuteLimits;
  #known: MinuteLimits;
  #shape: RoomShape;

  constructor(configured: MinuteLimits) {
    this.#configured = configured;
    this.#known = configured;
    this.#shape = shapeOf(configured);
  }

  /** `undefined` as long as no limit is known. */
  get shape(): RoomShape | undefined {
    return this.#shape.requests === undefined && this.#shape.tokens === undefined ? undefined : this.#shape;
  }

  learn({ requests, tokens }: EngineLimits): void {
    const known = {
      requests: this.#configured.requests ?? requests.perMinute ?? this.#known.requests,
      tokens: this.#configured.tokens ?? tokens.perMinute ?? this.#known.tokens,
    };
    if (known.requests === this.#known.requests && known.tokens === this.#known.tokens) return;
    this.#known = known;
    this.#shape = shapeOf(known);
  }
}

function shapeOf({ requests, tokens }: MinuteLimits): RoomShape {
  return {
    requests: requests === undefined ? undefined : bucketShape(requests),
    tokens: tokens === undefined ? undefined : bucketShape(tokens),
  };
}
