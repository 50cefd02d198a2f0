import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { hasProgram } from './kubernetes/has-program.ts';
import {
  alertRules,
  alertTests,
  dashboards,
  datasources,
  observabilityFolder,
  scrapeJobs,
} from './observability/files.ts';
import { labelValues } from './observability/label-values.ts';
import { namedExpressions } from './observability/named-expressions.ts';
import { parsePromql, type Expression, type Selector } from './observability/promql.ts';
import { metricsOf, registeredMetrics } from './observability/registered-metrics.ts';

/** The labels that Prometheus adds to what it scrapes, in Compose and in Kubernetes. */
const targetLabels = ['job', 'instance', 'namespace', 'pod'];
/** The series that Prometheus makes itself. */
const ownSeries = new Map([
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'severity']],
]);
const ownValues = new Map<string, readonly string[]>([
  ['ALERTS alertstate', ['pending', 'firing']],
  ['ALERTS alertname', alertRules.map(({ alert }) => alert)],
]);

const known = new Map<string, readonly string[]>();
const histograms: string[] = [];
beforeAll(async () => {
  for (const [name, labels] of ownSeries) known.set(name, labels);
  for (const process of Object.keys(metricsOf) as (keyof typeof metricsOf)[]) {
    for (const [name, { type, labels }] of await registeredMetrics(process)) {
      known.set(name, labels);
      if (type === 'histogram') histograms.push(name);
    }
  }
});

/** The metric to which a series belongs, and its labels. */
function metricOf({ metric }: Pick<Selector, 'metric'>): { readonly name: string; readonly labels: readonly string[] } {
  const [, base = ''] = /^(.+)_(?:bucket|sum|count)$/.exec(metric) ?? [];
  const name = histograms.includes(base) ? base : metric;
  const labels = known.get(name);
  if (labels === undefined || (histograms.includes(name) && name === metric)) throw new Error(`no series ${metric}`);
  return { name, labels: [...labels, ...targetLabels, ...(metric.endsWith('_bucket') ? ['le'] : [])] };
}

function unknownLabels({ selectors, groupingLabels }: Expression): string[] {
  const all = selectors.flatMap((selector) => metricOf(selector).labels);
  return [
    ...groupingLabels.filter((label) => !all.includes(label)),
    ...selectors.flatMap((selector) => {
      const { labels } = metricOf(selector);
      return selector.matchers.filter(({ label }) => !labels.includes(label)).map(({ label }) => label);
    }),
  ];
}

/** The values that no series can have; of a regular expression those of its alternatives that match nothing. */
function unknownValues(selector: Selector): string[] {
  const { name } = metricOf(selector);
  return selector.matchers.flatMap(({ label, operator, value }) => {
    if (label === 'namespace') return [];
    const values =
      label === 'job'
        ? scrapeJobs.map(({ job_name }) => job_name)
        : (ownValues.get(`${name} ${label}`) ?? labelValues.get(`${name} ${label}`));
    if (values === undefined) return [`unlisted values of ${name} ${label}`];
    const alternatives = operator.includes('~') ? value.split('|') : [value.replaceAll(/[^\w-]/g, '\\$&')];
    return alternatives.filter((one) => !values.some((known) => new RegExp(`^(?:${one})$`).test(known)));
  });
}

describe('the expressions of rules, dashboards and autoscaling', () => {
  it('are there', () => {
    expect(namedExpressions.length).toBeGreaterThan(alertRules.length + 20);
  });

  it.each(namedExpressions)('$name: names only metrics, labels and values that there are', ({ text }) => {
    const expression = parsePromql(text);
    expect(expression.selectors.length).toBeGreaterThan(0);
    expect(unknownLabels(expression)).toEqual([]);
    expect(expression.selectors.flatMap(unknownValues)).toEqual([]);
  });

  it.each([
    ['sum(rate(parley_edge_sockets_total[5m]))', 'no series parley_edge_sockets_total'],
    ['parley_worker_queue_wait_seconds', 'no series parley_worker_queue_wait_seconds'],
    ['sum(up', 'not valid'],
    ['{job="a"}', 'without a metric'],
  ])('would not be accepted with a mistake: %s', (text, problem) => {
    expect(() => unknownLabels(parsePromql(text))).toThrow(problem);
  });

  it('would not be accepted with another label or value', () => {
    expect(unknownLabels(parsePromql('sum by (tenant, le) (parley_edge_sessions{kind="a"})'))).toEqual([
      'tenant',
      'le',
      'kind',
    ]);
    const values = parsePromql('parley_queue_jobs{state=~"waiting|gone"} + up{job!="parley-edges"}');
    expect(values.selectors.flatMap(unknownValues)).toEqual(['gone', 'parley-edges']);
  });
});

describe('the alert rules', () => {
  it('have a severity, a summary and a paragraph of the runbook each', () => {
    const runbook = readFileSync(new URL('../docs/runbook.md', import.meta.url), 'utf8');
    const sections = [...runbook.matchAll(/^## (Parley\w+)\n\n(.+)/gm)].map(([, name]) => name);
    expect(sections).toEqual(alertRules.map(({ alert }) => alert));
    for (const { alert, labels, annotations } of alertRules) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
      expect(annotations).toEqual({
        summary: expect.stringMatching(/./),
        runbook: `docs/runbook.md#${alert.toLowerCase()}`,
      });
    }
  });

  it('are tested with a case in which they fire, and with one in which they do not', () => {
    const expectations = alertTests.flatMap((test) => test.alert_rule_test);
    for (const { alert } of alertRules) {
      const counts = expectations.filter(({ alertname }) => alertname === alert).map((one) => one.exp_alerts.length);
      expect([alert, counts.includes(0), counts.some((count) => count > 0)]).toEqual([alert, true, true]);
    }
  });
});

const describeWithPromtool = hasProgram('promtool') ? describe : describe.skip;
if (!hasProgram('promtool'))
  console.warn("the alert rules are not evaluated: promtool (Debian's prometheus) is not installed");

describeWithPromtool('promtool', () => {
  const promtool = (...parameters: string[]): string =>
    execFileSync('promtool', parameters, { stdio: 'pipe', encoding: 'utf8', timeout: 60_000 });
  const folder = join(observabilityFolder, 'prometheus');

  it('finds the rules firing and silent as expected', () => {
    expect(promtool('test', 'rules', join(folder, 'alerts.test.yml'))).toContain('SUCCESS');
  });

  it('accepts the configuration of Prometheus', () => {
    expect(promtool('check', 'config', join(folder, 'prometheus.yml'))).toContain(`${alertRules.length} rules found`);
  });
});

describe('prometheus.yml', () => {
  it('scrapes the containers of every process where they serve metrics', () => {
    const compose = parse(readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8'), { merge: true }) as {
      services: Record<string, { environment?: Record<string, string | null> }>;
    };
    const served = Object.entries(compose.services).flatMap(([name, { environment }]) =>
      typeof environment?.METRICS_PORT === 'string'
        ? [{ job: `parley-${name}`, names: [name], type: 'A', port: Number(environment.METRICS_PORT) }]
        : [],
    );
    const scraped = scrapeJobs.flatMap(({ job_name: job, dns_sd_configs }) =>
      dns_sd_configs.map(({ names, type, port }) => ({ job, names, type, port })),
    );
    expect(served.map(({ job }) => job).sort()).toEqual(
      Object.keys(metricsOf)
        .map((name) => `parley-${name}`)
        .sort(),
    );
    expect(scraped).toEqual(expect.arrayContaining(served));
    expect(scraped).toHaveLength(served.length);
  });
});

describe('the dashboards', () => {
  it('read from the provisioned source of data', () => {
    const panels = dashboards.flatMap(({ panels }) => panels).filter(({ type }) => type !== 'row');
    const [source] = datasources;
    expect(datasources).toHaveLength(1);
    for (const { title, datasource, targets } of panels) {
      expect([title, datasource]).toEqual([title, { type: source?.type, uid: source?.uid }]);
      expect([title, targets]).toEqual([title, expect.arrayContaining([expect.anything()])]);
    }
  });

  it('have names and numbers of their own, and panels that do not cover each other', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    for (const { uid, panels } of dashboards) {
      expect([uid, new Set(panels.map(({ id }) => id)).size]).toEqual([uid, panels.length]);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
      );
      expect([uid, new Set(cells).size]).toEqual([uid, cells.length]);
      for (const { title, gridPos } of panels) expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
    }
  });
});
