import type { RedisConnection } from './redis-connection.ts';

interface Attempt {
  isLost: boolean;
}

/** `stc` is BullMQ's count. A job that is done has none, and must not get one again. */
const takeBack = `
local stalls = tonumber(redis.call('HGET', KEYS[1], 'stc') or '0')
if stalls > 0 then redis.call('HINCRBY', KEYS[1], 'stc', -1) end
return stalls`;

interface SurvivedStallsOptions {
  readonly redis: RedisConnection;
  /** Returns the key of a job. */
  readonly keyOf: (jobId: string) => string;
  readonly onError: (error: Error) => void;
}

/**
 * Takes back the stalls that BullMQ has counted for jobs whose handler is still running. On a machine without enough CPU time a worker
 * renews its locks too late; only the stalls of workers that died may speak against a job.
 */
export class SurvivedStalls {
  readonly #options: SurvivedStallsOptions;
  readonly #running = new Map<string, Attempt>();

  constructor(options: SurvivedStallsOptions) {
    this.#options = options;
  }

  /**
   * A handler begins.
   *
   * @returns how many of the stalls that were counted it has taken back, and what is called when the handler has ended
   */
  begin(jobId: string): { survived: number; end: () => void } {
    const attempt: Attempt = { isLost: false };
    // The lock of an earlier attempt that is still running was lost, or there would be no other one.
    const survived = this.#lose(jobId) ? 1 : 0;
    this.#running.set(jobId, attempt);
    return {
      survived,
      end: () => {
        if (this.#running.get(jobId) === attempt) this.#running.delete(jobId);
      },
    };
  }

  /** The locks of these jobs could not be renewed. */
  lost(jobIds: readonly string[]): void {
    for (const jobId of jobIds) this.#lose(jobId);
  }

  #lose(jobId: string): boolean {
    const attempt = this.#running.get(jobId);
    if (attempt === undefined || attempt.isLost) return false;
    attempt.isLost = true;
    const { redis, keyOf, onError } = this.#options;
    redis.eval(takeBack, 1, keyOf(jobId)).catch(onError);
    return true;
  }
}
