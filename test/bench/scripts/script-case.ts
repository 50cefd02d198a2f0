import type { Redis } from 'ioredis';

/** A Lua script in the worst case that its bounds allow. */
export interface ScriptCase {
  /** Its file in `packages/redis/src`, without the extension. */
  readonly script: string;
  /** What makes it slow. */
  readonly worstCase: string;
  /** Fills Redis once. */
  prepare(redis: Redis): Promise<PreparedCase>;
}

export interface PreparedCase {
  /** The keys whose size is printed. */
  readonly keys: string;
  /** Restores before each round what a run changes; not measured. */
  before?(round: number): Promise<unknown>;
  /** Runs the script once. */
  run(round: number): Promise<unknown>;
}
