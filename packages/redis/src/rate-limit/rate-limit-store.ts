import { createHash } from 'node:crypto';
import type { Buckets, StoreReply, StoreRequest, LimiterStore, StoreRelease } from '@parley/translation';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { limitKeys, nextCallsKey, type LimitKeys } from './limit-keys.ts';

/** The rate limiter of one endpoint, shared by all workers. */
export class RateLimitStore implements LimiterStore {
  readonly #redis: RedisConnection;
  readonly #keys: LimitKeys;
  readonly #acquire: Script;
  readonly #release: Script;

  /** @param endpoint see `limitedEndpoint` */
  constructor(redis: RedisConnection, endpoint: string) {
    this.#redis = redis;
    this.#keys = limitKeys(endpoint);
    this.#acquire = defineScript(redis, 'parleyLimitAcquire', new URL('acquire.lua', import.meta.url));
    this.#release = defineScript(redis, 'parleyLimitRelease', new URL('release.lua', import.meta.url));
  }

  get isReachable(): boolean {
    return this.#redis.status === 'ready';
  }

  async acquire(request: StoreRequest): Promise<StoreReply> {
    const { call, kind, tenant = '', session = '', tokens, reserve, isMade, buckets } = request;
    const keys = this.#keys;
    const [rawStatus, waitMs, fill, headroom, requests, totalTokens] = asStrings(
      await this.#acquire(
        [keys.capacity, keys.calls, nextCallsKey(keys, tenant), keys.waiting, keys.expected, keys.tenants],
        [call, kind, tenant, session, tokens, reserve, isMade ? 1 : 0, ...bucketArgs(buckets)],
      ),
    );
    return {
      status: asStatus(rawStatus, ['granted', 'paced', 'no-capacity', 'paused']),
      retryAfterMs: Number(waitMs),
      fill: Number(fill),
      headroom: Number(headroom),
      granted: { requests: Number(requests), tokens: Number(totalTokens) },
    };
  }

  async release({ call, buckets, moreTokens, reported, pauseMs }: StoreRelease): Promise<void> {
    const [rawStatus] = asStrings(
      await this.#release(
        [this.#keys.capacity, this.#keys.calls],
        [
          call,
          moreTokens,
          reported?.remainingRequests ?? '',
          reported?.remainingTokens ?? '',
          reported?.granted.requests ?? 0,
          reported?.granted.tokens ?? 0,
          reported?.elapsedMs ?? 0,
          pauseMs ?? '',
          ...bucketArgs(buckets),
        ],
      ),
    );
    asStatus(rawStatus, ['released']);
  }
}

/**
 * Returns the name of an endpoint for its limits: a hash, so that the API key can't be read from Redis.
 *
 * @param baseUrl normalized as by `@parley/config`
 * @param model `undefined` if the endpoint has none; most services limit each model separately
 * (https://platform.openai.com/docs/guides/rate-limits)
 */
export function limitedEndpoint(baseUrl: string, apiKey: string | undefined, model: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([baseUrl, apiKey ?? '', model ?? '']))
    .digest('base64url');
}

function bucketArgs({ requests, tokens }: Buckets): number[] {
  return [requests, tokens].flatMap((bucket) => [bucket?.perMs ?? 0, bucket?.capacity ?? 0]);
}
