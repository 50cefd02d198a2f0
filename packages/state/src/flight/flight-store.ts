import type { FlightMember, Flights, Joined, KeptAs } from '@parley/translation';
import type { Redis } from 'ioredis';
import {
  findingArgument,
  keepingArguments,
  keptKey,
  usualCacheLifetimes,
  type CacheLifetimes,
} from '../cache/kept-translation.ts';
import { asStatus, asStrings } from '../redis/reply.ts';
import { defineScript, type Script } from '../redis/script.ts';

interface FlightLifetimes {
  /** How long a member is taken for alive that isn't heard of. */
  readonly memberLifeMs: number;
  /** How long a flight has its result where none is kept: a final comes within seconds of the partial whose text it has. */
  readonly resultLifeMs: number;
}

export interface FlightStoreOptions {
  /** Whether translations are kept, and found, as a `CacheStore` does it. */
  readonly cached: boolean;
  readonly lifetimes?: FlightLifetimes;
  readonly cacheLifetimes?: CacheLifetimes;
}

const usualLifetimes: FlightLifetimes = { memberLifeMs: 1500, resultLifeMs: 5000 };

/** The calls that equal requests share, across all workers: one hash each, `sf:{KEY}`. */
export class FlightStore implements Flights {
  readonly #join: Script;
  readonly #land: Script;
  readonly #leave: Script;
  readonly #cached: boolean;
  readonly #lifetimes: FlightLifetimes;
  readonly #cacheLifetimes: CacheLifetimes;

  constructor(redis: Redis, options: FlightStoreOptions) {
    this.#join = defineScript(redis, 'parleyFlightJoin', new URL('join.lua', import.meta.url));
    this.#land = defineScript(redis, 'parleyFlightLand', new URL('land.lua', import.meta.url));
    this.#leave = defineScript(redis, 'parleyFlightLeave', new URL('leave.lua', import.meta.url));
    this.#cached = options.cached;
    this.#lifetimes = options.lifetimes ?? usualLifetimes;
    this.#cacheLifetimes = options.cacheLifetimes ?? usualCacheLifetimes;
  }

  get renewEveryMs(): number {
    return this.#lifetimes.memberLifeMs / 3;
  }

  async join(key: string, { member, kind, mayFollow }: FlightMember): Promise<Joined> {
    const { memberLifeMs } = this.#lifetimes;
    const [word, text = ''] = asStrings(
      await this.#join(this.#keysOf(key), [
        member,
        memberLifeMs,
        mayFollow ? 1 : 0,
        findingArgument(kind, this.#cacheLifetimes),
      ]),
    );
    const status = asStatus(word, ['lead', 'follow', 'alone', 'landed', 'cached']);
    return status === 'landed' || status === 'cached' ? { status, text } : { status };
  }

  async land(key: string, as: KeptAs, text: string): Promise<void> {
    const kept = keepingArguments(as, this.#cacheLifetimes);
    const [status] = asStrings(await this.#land(this.#keysOf(key), [text, this.#lifetimes.resultLifeMs, ...kept]));
    asStatus(status, ['landed']);
  }

  async leave(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'left' | 'followed'> {
    const [status] = asStrings(await this.#leave([flightKey(key)], [member, how === 'unless-followed' ? 1 : 0]));
    return asStatus(status, ['left', 'followed']);
  }

  #keysOf(key: string): string[] {
    return this.#cached ? [flightKey(key), keptKey(key)] : [flightKey(key)];
  }
}

/** The braces put it into the slot of the kept translation, in a Redis Cluster. */
function flightKey(key: string): string {
  return `sf:{${key}}`;
}
