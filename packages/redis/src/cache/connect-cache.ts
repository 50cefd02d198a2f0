import { once } from 'node:events';
import { Redis, type Command } from 'ioredis';
import { leaveUnfitServer } from '../connection/leave-unfit-server.ts';

export interface CacheConnectionOptions {
  readonly onError: (error: Error) => void;
  /** A command failed: the cache is away, doesn't answer in time, or refuses it. */
  readonly onFailure: () => void;
}

/** How long anybody waits for the cache. */
const commandTimeoutMs = 100;
/** So many time-outs in a row, and it is taken for gone until it has answered on a new connection. */
const timeoutsInARow = 3;
/** How long a start waits for the cache: past that, work begins without. */
const readyWithinMs = 1000;

/** A peer that hangs would have everybody wait again and again; while it is connected to anew, nobody does. */
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
    if (this.#timeouts < timeoutsInARow || this.status !== 'ready') return;
    this.#timeouts = 0;
    this.disconnect(true);
  }
}

/**
 * Opens the connection to the Redis that holds cached translations and shared calls. Nothing there is needed, so nothing
 * waits for it: a command fails at once where it isn't connected, and after 100 ms where it doesn't answer.
 */
export async function connectCache(url: string, options: CacheConnectionOptions): Promise<Redis> {
  const redis = new CacheRedis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: readyWithinMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    ...leaveUnfitServer({ resend: false, onUnfit: options.onError }),
  });
  redis.onFailure = options.onFailure;
  redis.on('error', options.onError);
  await once(redis, 'ready', { signal: AbortSignal.timeout(readyWithinMs) }).catch(() => undefined);
  return redis;
}
