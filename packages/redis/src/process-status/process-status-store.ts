import type { RedisConnection } from '../connection/redis-connection.ts';
import { asStatus, asStrings, groupsOf } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseProcessStatus, type ProcessStatus } from './process-status.ts';

/** How long the last status of a process that ended without a word is kept. */
const keptMs = 5 * 60_000;
const maxListed = 500;

/** The braces keep all keys in one slot of a Redis Cluster. */
const processesKey = '{process-status}:processes';
const statusPrefix = '{process-status}:of:';

/** A process and its last status. */
export interface ReportedProcess {
  readonly process: string;
  /** How long ago it was recorded, by the clock of Redis. */
  readonly ageMs: number;
  /** `undefined`: written by another version. */
  readonly status: ProcessStatus | undefined;
}

/** The statuses of all edges and workers, for the overview. */
export class ProcessStatusStore {
  readonly #redis: RedisConnection;
  readonly #record: Script;
  readonly #list: Script;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#record = defineScript(redis, 'parleyProcessRecord', new URL('record.lua', import.meta.url));
    this.#list = defineScript(redis, 'parleyProcessList', new URL('list.lua', import.meta.url));
  }

  /** Replaces the status of a process. */
  async record(process: string, status: ProcessStatus): Promise<void> {
    const keys = [processesKey, statusPrefix + process];
    const [reply] = asStrings(await this.#record(keys, [process, JSON.stringify(status), keptMs]));
    asStatus(reply, ['recorded']);
  }

  /** Removes a process that ends as it should. */
  async remove(process: string): Promise<void> {
    await Promise.all([this.#redis.zrem(processesKey, process), this.#redis.del(statusPrefix + process)]);
  }

  /** Returns at most 500 processes, those with the newest status first. */
  async list(): Promise<ReportedProcess[]> {
    const reply = asStrings(await this.#list([processesKey], [statusPrefix, maxListed]));
    return groupsOf(3, reply).map(([process = '', ageMs, json = '']) => ({
      process,
      ageMs: Number(ageMs),
      status: parseProcessStatus(json),
    }));
  }
}
