import { once, setMaxListeners } from 'node:events';
import type { Target } from './attack.ts';
import { attacks } from './attacks/index.ts';
import { burnCpu } from './burn-cpu.ts';
import { Tally } from './tally.ts';

/** Run in a separate process by `run-attacker.ts`, so that attackers take nothing from those who measure but CPU. */

export interface AttackOrder {
  readonly target: Target;
  /** The names of the attacks to run beside each other. */
  readonly attacks: readonly string[];
  /** Instead of attacks: this share of one core is used, without any connection. */
  readonly burnedShare?: number | undefined;
}

export interface AttackReport {
  readonly cpuShare: number;
  readonly counts: readonly (readonly [what: string, times: number])[];
}

const [order] = (await once(process, 'message')) as [AttackOrder];
const stop = new AbortController();
setMaxListeners(0, stop.signal);
process.once('disconnect', () => process.exit());
process.once('message', () => stop.abort());

const tally = new Tally();
const [startedAtMs, before] = [performance.now(), process.cpuUsage()];
const chosen = attacks.filter(({ name }) => order.attacks.includes(name));
const running = chosen.map((attack) => attack.run(order.target, tally, stop.signal));
if (order.burnedShare !== undefined) running.push(burnCpu(order.burnedShare, stop.signal));
await Promise.all(running);
const { user, system } = process.cpuUsage(before);
const elapsedMs = performance.now() - startedAtMs;
const report: AttackReport = { cpuShare: (user + system) / 1000 / elapsedMs, counts: tally.entries };
process.send?.(report);
