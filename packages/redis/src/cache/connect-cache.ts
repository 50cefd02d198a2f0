import { once } from 'node:events';
import { Redis, type Command } from 'ioredis';
import { leaveUnfitServer } from '../connection/leave-unfit-server.ts';

export interface CacheConnectionOptions {
  readonly onError: (error: Error) => void;
  /** Called when a command fails: Redis is unreachable, timed out or rejected it. */
  readonly onFailure: () => void;
}

/** Timeout of a cache command. */
const commandTimeoutMs = 100;
/** After this many consecutive timeouts the connection is reopened. */
const maxConsecutiveTimeouts = 3;
/** How long startup waits for the cache before continuing without it. */
const connectTimeoutMs = 1000;

/** Reconnects if Redis hangs: while disconnected, commands fail at once instead of waiting for the timeout. */
class CacheRedis extends Redis {
  onFailure: () => void = () => undefined;
  #timeouts = 0;

  override sendCommand(command: Command, ...rest: []): unknown {
    const sent = super.sendCommand(command, ...rest);
    command.promise.then(
      () => (this.#timeouts = 0),
      (error: unknown) => this.#failed(error),
    );
    return sent;
  }

  #failed(error: unknown): void {
    this.onFailure();
    if (!(error instanceof Error && error.message === 'Command timed out')) return;
    this.#timeouts += 1;
    if (this.#timeouts < maxConsecutiveTimeouts || this.status !== 'ready') return;
    this.#timeouts = 0;
    this.disconnect(true);
  }
}

/**
 * Opens the connection to the cache's Redis. The cache is optional, so nothing waits for it: a command fails
 * immediately if there is no connection, and after 100 ms without a reply.
 */
export async function connectCache(url: string, options: CacheConnectionOptions): Promise<Redis> {
  const redis = new CacheRedis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    ...leaveUnfitServer({ resend: false, onUnfit: options.onError }),
  });
  redis.onFailure = options.onFailure;
  redis.on('error', options.onError);
  await once(redis, 'ready', { signal: AbortSignal.timeout(connectTimeoutMs) }).catch(() => undefined);
  return redis;
}
