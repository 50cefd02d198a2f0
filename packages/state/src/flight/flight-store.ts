import type { FlightResult, Flights, Joined } from '@parley/translation';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { asStatus, asStrings } from '../redis/reply.ts';
import { defineScript, type Script } from '../redis/script.ts';

/** Format version 1. */
const resultSchema = z.object({ v: z.literal(1), text: z.string() });

interface FlightLifetimes {
  /** How long a member is taken for alive that isn't heard of. */
  readonly memberLifeMs: number;
  /** How long a result is kept: a final comes within seconds of the last partial whose text it has. */
  readonly resultLifeMs: number;
}

const usualLifetimes: FlightLifetimes = { memberLifeMs: 1500, resultLifeMs: 5000 };

/** The calls that equal requests share, across all workers: one hash each, `sf:KEY`. */
export class FlightStore implements Flights {
  readonly #join: Script;
  readonly #land: Script;
  readonly #leave: Script;
  readonly #lifetimes: FlightLifetimes;

  constructor(redis: Redis, lifetimes: FlightLifetimes = usualLifetimes) {
    this.#join = defineScript(redis, 'parleyFlightJoin', new URL('join.lua', import.meta.url));
    this.#land = defineScript(redis, 'parleyFlightLand', new URL('land.lua', import.meta.url));
    this.#leave = defineScript(redis, 'parleyFlightLeave', new URL('leave.lua', import.meta.url));
    this.#lifetimes = lifetimes;
  }

  get renewEveryMs(): number {
    return this.#lifetimes.memberLifeMs / 3;
  }

  async join(key: string, member: string, { mayFollow }: { readonly mayFollow: boolean }): Promise<Joined> {
    const [word, result = ''] = asStrings(
      await this.#join([keyOf(key)], [member, this.#lifetimes.memberLifeMs, mayFollow ? 1 : 0]),
    );
    const status = asStatus(word, ['lead', 'follow', 'alone', 'landed']);
    if (status !== 'landed') return { status };
    const { text } = resultSchema.parse(JSON.parse(result));
    return { status, result: { text } };
  }

  async land(key: string, { text }: FlightResult): Promise<void> {
    const result: z.infer<typeof resultSchema> = { v: 1, text };
    const [status] = asStrings(await this.#land([keyOf(key)], [JSON.stringify(result), this.#lifetimes.resultLifeMs]));
    asStatus(status, ['landed']);
  }

  async leave(key: string, member: string, how: 'always' | 'unless-followed'): Promise<'left' | 'followed'> {
    const [status] = asStrings(await this.#leave([keyOf(key)], [member, how === 'unless-followed' ? 1 : 0]));
    return asStatus(status, ['left', 'followed']);
  }
}

function keyOf(key: string): string {
  return `sf:${key}`;
}
