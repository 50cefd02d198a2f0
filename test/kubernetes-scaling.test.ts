import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { hasProgram } from './kubernetes/has-program.ts';
import { kubernetesFolder, objectsOf } from './kubernetes/rendered.ts';

interface Trigger {
  readonly type: string;
  readonly name?: string;
  readonly metricType?: string;
  readonly metadata: { readonly query: string; readonly threshold: string };
}

/** Samples every 15 s, in the notation of promtool: `0+5x20` are 21 values that grow by 5. */
type Series = Readonly<Record<string, string>>;

const scaling = join(kubernetesFolder, 'overlays/autoscaled');
const [scaledObject] = objectsOf(readFileSync(join(scaling, 'worker-scaling.yaml'), 'utf8'));
const { triggers } = scaledObject?.spec as { triggers: readonly Trigger[] };
const { namespace } = parse(readFileSync(join(scaling, 'kustomization.yaml'), 'utf8')) as { namespace: string };

function triggerOf(name: string): Trigger {
  const trigger = triggers.find((candidate) => candidate.name === name);
  if (trigger === undefined) throw new Error(`there is no trigger ${name}`);
  return trigger;
}

/** Throws unless Prometheus evaluates a trigger's query, five minutes after the first sample, to one sample of that value. */
function expectValue(trigger: string, series: Series, value: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'parley-promtool-'));
  try {
    const file = join(folder, 'test.yaml');
    const expression = {
      expr: triggerOf(trigger).metadata.query,
      eval_time: '5m',
      exp_samples: [{ labels: '{}', value }],
    };
    const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
    const tests = [{ interval: '15s', input_series: input, promql_expr_test: [expression] }];
    writeFileSync(file, stringify({ rule_files: [], tests }));
    execFileSync('promtool', ['test', 'rules', file], { stdio: 'pipe', encoding: 'utf8', timeout: 60_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Finals, each in one of three buckets: how many more every 15 s waited at most 0.2 s, 0.5 s and 1 s. */
function waits(labels: string, [quick, late, later]: readonly [number, number, number]): Series {
  const bucket = (le: string): string => `parley_worker_queue_wait_seconds_bucket{${labels},le="${le}"}`;
  const all = quick + late + later;
  return {
    [bucket('0.2')]: `0+${quick}x20`,
    [bucket('0.5')]: `0+${quick + late}x20`,
    [bucket('1')]: `0+${all}x20`,
    [bucket('+Inf')]: `0+${all}x20`,
  };
}

const ofWorker = (pod: string, kind = 'final', inNamespace = namespace): string =>
  `namespace="${inNamespace}",pod="${pod}",kind="${kind}"`;
const age = (pod: string, queue = 'final', inNamespace = namespace): string =>
  `parley_queue_oldest_age_seconds{namespace="${inNamespace}",pod="${pod}",queue="${queue}"}`;

const describeWithPromtool = hasProgram('promtool') ? describe : describe.skip;
if (!hasProgram('promtool'))
  console.warn("the queries are not checked: promtool (Debian's prometheus) is not installed");

describe('the autoscaling of workers', () => {
  it('asks for pods in proportion to the value of a query', () => {
    const queries = triggers.filter(({ type }) => type === 'prometheus');
    expect(queries.map(({ name, metricType }) => [name, metricType])).toEqual([
      ['queue-wait', 'Value'],
      ['oldest-job', 'Value'],
    ]);
    for (const { metadata } of queries) expect(metadata.query).toContain(`{namespace="${namespace}"`);
  });
});

describeWithPromtool('the query on the wait of finals', () => {
  it('gives the 95th percentile over all workers', () => {
    // 20 a step, of which 17 waited at most 0.2 s and 2 more at most 0.5 s.
    expectValue('queue-wait', { ...waits(ofWorker('a'), [16, 1, 1]), ...waits(ofWorker('b'), [1, 1, 0]) }, 0.5);
    expect(triggerOf('queue-wait').metadata.threshold).toBe('0.5');
  });

  it('gives 0 without workers, and if no final comes', () => {
    expectValue('queue-wait', {}, 0);
    expectValue('queue-wait', waits(ofWorker('a'), [0, 0, 0]), 0);
  });

  it('ignores partials, which may wait for the rate limit, and other installations', () => {
    const others = {
      ...waits(ofWorker('a', 'partial'), [0, 0, 9]),
      ...waits(ofWorker('a', 'final', 'other'), [0, 0, 9]),
    };
    expectValue('queue-wait', { ...others, ...waits(ofWorker('a'), [0, 0, 0]) }, 0);
  });
});

describeWithPromtool('the query on the oldest job', () => {
  it('gives the age in the older queue, which all workers report', () => {
    expectValue('oldest-job', { [age('a')]: '4x20', [age('b')]: '4x20', [age('a', 'partial')]: '2x20' }, 4);
  });

  it('gives 0 if a sample of the last minute saw no job', () => {
    expectValue('oldest-job', { [age('a')]: '4x17 0 4x3' }, 0);
  });

  it('gives 0 without workers, and ignores long finals and other installations', () => {
    expectValue('oldest-job', {}, 0);
    expectValue('oldest-job', { [age('a', 'long-final')]: '4x20' }, 0);
    expectValue('oldest-job', { [age('a', 'final', 'other')]: '4x20' }, 0);
  });
});
