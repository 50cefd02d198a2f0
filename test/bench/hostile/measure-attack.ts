import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessUsageMeter } from '../../../apps/cli/src/load/process-usage.ts';
import { startStack, type TestStack } from '../../harness/index.ts';
import type { AttackReport } from './attacker.ts';
import { QuietTenant, type QuietFigures } from './quiet-tenant.ts';
import { startAttack } from './run-attacker.ts';

const keys = { attacker: 'a-key-of-the-attacking-tenant', quiet: 'a-key-of-the-quiet-tenant' } as const;
/** As in docker-compose.yml. */
const redisMaxMemory = '384mb';
/** Those that an operator of small rooms would set; the others are the defaults. */
const limits = { MAX_LISTENERS_PER_SESSION: '500', MAX_LISTENERS_PER_TENANT: '1000' };
/** V8's own limit in a container with half of a GiB. Without it, garbage is collected as late as on the whole machine. */
const nodeOptions = '--max-old-space-size=256';
/** An attack has begun in earnest after this time. */
const leadMs = 1000;

export interface MeasureOptions {
  readonly attacks: readonly string[];
  /** Instead of attacks: CPU that is used beside the pipeline, as a share of one core. */
  readonly burnedShare?: number | undefined;
  readonly cutsSpeakers: boolean;
  readonly sessions: number;
  readonly quietMs: number;
  readonly attackMs: number;
  readonly signal: AbortSignal;
}

export interface AttackFigures {
  readonly quiet: QuietFigures;
  readonly attacked: QuietFigures;
  /** Peaks during the attack, in MiB. */
  readonly memoryMib: Readonly<Record<'edge' | 'worker' | 'redis', number>>;
  readonly report: AttackReport;
}

/** Measures a quiet tenant in a pipeline of its own, first alone, then under attack. */
export async function measureAttack(options: MeasureOptions): Promise<AttackFigures> {
  const { signal, sessions, cutsSpeakers, quietMs, attackMs, attacks, burnedShare } = options;
  const env = {
    ...limits,
    API_KEYS: `attacker:${keys.attacker},quiet:${keys.quiet}`,
    ENGINE_LATENCY: 'fast',
    STABILITY: 'balanced',
    NODE_OPTIONS: nodeOptions,
  };
  await using stack = await startStack({ env });
  await stack.redis.connect().config('SET', 'maxmemory', redisMaxMemory);
  const start = (): Promise<QuietTenant> =>
    QuietTenant.start({ url: stack.streamUrl(), apiKey: keys.quiet, sessions, signal });
  {
    // The first sentences of a pipeline are slower.
    await using warming = await start();
    await warming.speak(quietMs / 4);
  }
  let quiet: QuietFigures;
  {
    await using alone = await start();
    quiet = await alone.speak(quietMs, { cutsSpeakers });
  }
  await using attackedTenant = await start();
  const meter = new ProcessUsageMeter(processesOf(stack));
  const target = { port: Number(new URL(stack.streamUrl()).port), apiKey: keys.attacker, ...attackedTenant.attacked };
  await using attack = startAttack({ target, attacks, burnedShare });
  await sleep(leadMs, undefined, { signal });
  const attacked = await attackedTenant.speak(attackMs, { cutsSpeakers });
  const report = await attack.stop();
  const peaks = Object.fromEntries(meter.finish().map(({ name, peakMemoryMib }) => [name, peakMemoryMib]));
  return { quiet, attacked, report, memoryMib: { edge: 0, worker: 0, redis: 0, ...peaks } };
}

function processesOf({ edges, workers, redis }: TestStack) {
  const [edge, worker] = [edges[0], workers[0]];
  if (edge === undefined || worker === undefined) throw new Error('the stack lacks an edge or a worker');
  return [
    { name: 'edge', pid: edge.child.pid },
    { name: 'worker', pid: worker.child.pid },
    { name: 'redis', pid: redis.pid },
  ];
}
