import type { Redis } from 'ioredis';

/** Too few replicas have acknowledged a write in time. It may be sent again. */
export class ReplicasMissingError extends Error {
  override readonly name = 'ReplicasMissingError';
}

export interface KeptWrite {
  /** A hash. */
  readonly key: string;
  readonly field: string;
  /** How the value of the field begins after the write. */
  readonly begins: string;
  /** A key of the same slot that the mark may use. */
  readonly markKey: string;
}

interface Waiting {
  readonly write: KeptWrite;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const markTtlMs = 1000;

/**
 * Waits on a connection of its own until replicas of one master have writes that were made on other connections. `WAIT`
 * covers only earlier writes of its own connection, so a mark is written after it was checked that the master has the
 * write: a replica that has the mark has the write too. If another server has become the master meanwhile, the check
 * fails there, or the mark does.
 *
 * Writes that arrive during a `WAIT` share the next one.
 */
export class MasterWait {
  readonly #redis: Redis;
  readonly #replicas: number;
  readonly #timeoutMs: number;
  #waiting: Waiting[] = [];
  #isRunning = false;

  /** @param redis used for nothing else; it must not send commands again after a reconnect */
  constructor(redis: Redis, { replicas, timeoutMs }: { readonly replicas: number; readonly timeoutMs: number }) {
    this.#redis = redis;
    this.#replicas = replicas;
    this.#timeoutMs = timeoutMs;
  }

  /** Resolves when enough replicas have the write. @throws ReplicasMissingError, or the error of Redis */
  acknowledged(write: KeptWrite): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#waiting.push({ write, resolve: () => resolve(undefined), reject });
    if (!this.#isRunning) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#wait(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isRunning = false;
  }

  async #wait(batch: readonly Waiting[]): Promise<void> {
    const pipeline = this.#redis.pipeline();
    for (const { write } of batch) pipeline.hget(write.key, write.field);
    // One mark is enough, but a slot that is being moved accepts none.
    const marks = new Set(batch.map(({ write }) => write.markKey));
    for (const key of marks) pipeline.set(key, '1', 'PX', markTtlMs);
    pipeline.wait(this.#replicas, this.#timeoutMs);
    const replies = (await pipeline.exec()) ?? [];
    const markErrors = replies.slice(batch.length, -1).flatMap(([error]) => error ?? []);
    const [waitError, acknowledged] = replies.at(-1) ?? [];
    const failure = markErrors.length === marks.size ? markErrors[0] : waitError;
    if (failure) throw failure;
    const isEnough = Number(acknowledged) >= this.#replicas;
    for (const [index, { write, resolve, reject }] of batch.entries()) {
      const [error, value] = replies[index] ?? [];
      if (error) reject(error);
      else if (typeof value !== 'string' || !value.startsWith(write.begins))
        reject(new ReplicasMissingError('the write is not at this master'));
      else if (!isEnough) reject(new ReplicasMissingError('too few replicas acknowledged a write in time'));
      else resolve();
    }
  }
}
