import { createHash } from 'node:crypto';
import type { RoomShape, SharedAnswer, SharedAsk, SharedRoom, SharedSettlement } from '@parley/translation';
import type { Redis } from 'ioredis';
import { asStatus, asStrings } from '../redis/reply.ts';
import { defineScript, type Script } from '../redis/script.ts';
import { limitKeys, type LimitKeys } from './limit-keys.ts';

/** What is left under the limits of one endpoint and key, for all workers together. */
export class RateLimitStore implements SharedRoom {
  readonly #redis: Redis;
  readonly #keys: LimitKeys;
  readonly #take: Script;
  readonly #settle: Script;

  /** @param endpoint see `limitedEndpoint` */
  constructor(redis: Redis, endpoint: string) {
    this.#redis = redis;
    this.#keys = limitKeys(endpoint);
    this.#take = defineScript(redis, 'parleyLimitTake', new URL('take.lua', import.meta.url));
    this.#settle = defineScript(redis, 'parleyLimitSettle', new URL('settle.lua', import.meta.url));
  }

  get isReachable(): boolean {
    return this.#redis.status === 'ready';
  }

  async take(ask: SharedAsk): Promise<SharedAnswer> {
    const { call, kind, session = '', tokens, reserve, isMade, shape } = ask;
    const [word, waitMs, fill, unused, requests, givenTokens] = asStrings(
      await this.#take(
        [this.#keys.room, this.#keys.calls, this.#keys.turns, this.#keys.waiting, this.#keys.expected],
        [call, kind, session, tokens, reserve, isMade ? 1 : 0, ...bucketArgs(shape)],
      ),
    );
    return {
      status: asStatus(word, ['granted', 'paced', 'no-room', 'paused']),
      retryAfterMs: Number(waitMs),
      fill: Number(fill),
      unused: Number(unused),
      given: { requests: Number(requests), tokens: Number(givenTokens) },
    };
  }

  async settle({ call, shape, moreTokens, told, pauseMs }: SharedSettlement): Promise<void> {
    const [word] = asStrings(
      await this.#settle(
        [this.#keys.room, this.#keys.calls],
        [
          call,
          moreTokens,
          told?.remainingRequests ?? '',
          told?.remainingTokens ?? '',
          told?.given.requests ?? 0,
          told?.given.tokens ?? 0,
          told?.elapsedMs ?? 0,
          pauseMs ?? '',
          ...bucketArgs(shape),
        ],
      ),
    );
    asStatus(word, ['settled']);
  }
}

/**
 * Names an endpoint with its key for the counts of its limits: a hash, so that nobody can read the key out of Redis.
 *
 * @param baseUrl as `@parley/config` gives it, where one place has one spelling
 * @param model `undefined` where the endpoint has none; most services limit each of their models by itself
 *   (https://platform.openai.com/docs/guides/rate-limits)
 */
export function limitedEndpoint(baseUrl: string, apiKey: string | undefined, model: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([baseUrl, apiKey ?? '', model ?? '']))
    .digest('base64url');
}

function bucketArgs({ requests, tokens }: RoomShape): number[] {
  return [requests, tokens].flatMap((bucket) => [bucket?.perMs ?? 0, bucket?.capacity ?? 0]);
}
