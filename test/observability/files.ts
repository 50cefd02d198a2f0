import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const observabilityFolder = fileURLToPath(new URL('../../infra/observability', import.meta.url));

const read = (path: string): string => readFileSync(join(observabilityFolder, path), 'utf8');

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

/** What promtool is told to expect of the rules. */
export interface AlertTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface ScrapeJob {
  readonly job_name: string;
  readonly dns_sd_configs: readonly {
    readonly names: readonly string[];
    readonly type: string;
    readonly port: number;
  }[];
}

const { groups } = parse(read('prometheus/alerts.yml')) as { groups: { rules: AlertRule[] }[] };
export const alertRules: readonly AlertRule[] = groups.flatMap(({ rules }) => rules);
export const { tests: alertTests } = parse(read('prometheus/alerts.test.yml')) as { tests: readonly AlertTest[] };
export const { scrape_configs: scrapeJobs } = parse(read('prometheus/prometheus.yml')) as {
  scrape_configs: readonly ScrapeJob[];
};
export const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
  datasources: readonly { readonly uid: string; readonly type: string; readonly url: string }[];
};
export const dashboards: readonly Dashboard[] = readdirSync(join(observabilityFolder, 'grafana/dashboards')).map(
  (file) => JSON.parse(read(`grafana/dashboards/${file}`)) as Dashboard,
);
