import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, variables, type ProcessName, type Variable } from '@parley/config';
import { parse } from 'yaml';
import { deploymentsIn, secretVariables, type Container, type Deployment } from './kubernetes/deployments.ts';
import { kubernetesFolder, readBase, renderOverlay, renderProblem } from './kubernetes/rendered.ts';
import { schemaProblems } from './kubernetes/schema-problems.ts';
import { registeredMetrics } from './observability/registered-metrics.ts';

const processes = ['edge', 'worker', 'dashboard'] as const satisfies readonly ProcessName[];
type DeployedProcess = (typeof processes)[number];

const overlays = readdirSync(join(kubernetesFolder, 'overlays'));
const base = readBase();
const known: Readonly<Record<string, Variable>> = variables;
const compose = parse(readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8'), { merge: true }) as {
  services: Record<string, { mem_limit: string; environment: Record<string, string | null> }>;
};
const describeRendered = renderProblem === undefined ? describe : describe.skip;
if (renderProblem !== undefined) console.warn(`the overlays are not checked: ${renderProblem}`);

function deploymentOf(name: DeployedProcess): Deployment {
  const found = deploymentsIn(base).find(({ metadata }) => metadata.name === `parley-${name}`);
  if (found === undefined) throw new Error(`the base has no ${name}`);
  return found;
}

function containerOf(name: DeployedProcess): Container {
  const [container, ...others] = deploymentOf(name).spec.template.spec.containers;
  if (container === undefined || others.length > 0) throw new Error(`a pod of the ${name} must have one container`);
  return container;
}

function settingsOf(name: DeployedProcess): Readonly<Record<string, string>> {
  return base.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `parley-${name}`)?.data ?? {};
}

const literalsOf = (name: DeployedProcess): Readonly<Record<string, string>> =>
  Object.fromEntries(containerOf(name).env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));

const portOf = (name: DeployedProcess, port: string): number | undefined =>
  containerOf(name).ports.find(({ name }) => name === port)?.containerPort;

describe('the base for Kubernetes', () => {
  it('follows the published schemas, without unknown fields', () => {
    expect(base.flatMap(schemaProblems)).toEqual([]);
  });

  it('has a check that finds wrong and unknown fields', () => {
    const edge = structuredClone(deploymentOf('edge')) as unknown as { spec: Record<string, unknown> };
    edge.spec.minReadySecond = 1;
    expect(schemaProblems(edge as never)).toEqual(['Deployment parley-edge: unknown field /spec/minReadySecond']);
    edge.spec.replicas = 'two';
    expect(schemaProblems(edge as never)).toEqual([expect.stringContaining('replicas')]);
  });

  it.each(processes)('starts the %s with variables that it reads, and with valid values', (name) => {
    const { args, env } = containerOf(name);
    expect(args).toEqual([name]);
    const names = [...env.map(({ name }) => name), ...Object.keys(settingsOf(name))];
    for (const variable of names)
      expect([variable, known[variable]?.readBy]).toEqual([variable, expect.arrayContaining([name])]);
    expect(new Set(names).size).toBe(names.length);
    expect(() => loadConfig({ ...settingsOf(name), ...literalsOf(name) })).not.toThrow();
  });

  it.each(processes)('gives the %s secrets by reference only', (name) => {
    const secret = Object.entries(known).flatMap(([variable, { secret }]) => (secret === true ? variable : []));
    const plain = [...Object.keys(settingsOf(name)), ...Object.keys(literalsOf(name))];
    expect(plain.filter((variable) => secret.includes(variable))).toEqual([]);
    expect(secretVariables(containerOf(name)).filter((variable) => !secret.includes(variable))).toEqual([]);
    expect(secretVariables(containerOf(name))).toContain('REDIS_URL');
  });

  it.each(processes)('asks the %s for its health where it listens', (name) => {
    const { readinessProbe, livenessProbe, startupProbe, ports } = containerOf(name);
    const { PORT, HEALTH_PORT, METRICS_PORT, METRICS_HOST, HOST } = literalsOf(name);
    expect([HOST, METRICS_HOST]).toEqual(['0.0.0.0', '0.0.0.0']);
    expect(ports.map(({ containerPort }) => String(containerPort))).toEqual([PORT ?? HEALTH_PORT, METRICS_PORT]);
    expect([readinessProbe, livenessProbe, startupProbe].map(({ httpGet }) => httpGet.path)).toEqual([
      '/readyz',
      '/healthz',
      '/healthz',
    ]);
    for (const { httpGet } of [readinessProbe, livenessProbe, startupProbe])
      expect(portOf(name, httpGet.port)).toBe(Number(PORT ?? HEALTH_PORT));
    expect(deploymentOf(name).spec.template.metadata.annotations).toMatchObject({
      'prometheus.io/port': METRICS_PORT,
      'prometheus.io/path': '/metrics',
    });
    // The same as in Compose, so that one description fits both.
    const { environment, mem_limit } = compose.services[name] ?? { environment: {}, mem_limit: '' };
    expect([PORT, HEALTH_PORT, METRICS_PORT]).toEqual(
      ['PORT', 'HEALTH_PORT', 'METRICS_PORT'].map((variable) => environment[variable]),
    );
    expect(containerOf(name).resources.limits.memory).toBe(mem_limit.replace(/m$/, 'Mi'));
  });

  it.each(processes)('leaves the %s the time that it needs to stop', (name) => {
    const { terminationGracePeriodSeconds } = deploymentOf(name).spec.template.spec;
    const { SHUTDOWN_TIMEOUT_MS } = loadConfig(settingsOf(name));
    const hookSeconds = containerOf(name).lifecycle?.preStop.sleep.seconds ?? 0;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(hookSeconds + SHUTDOWN_TIMEOUT_MS / 1000);
  });

  it.each(processes)('runs the %s without rights that it does not need', (name) => {
    const { spec } = deploymentOf(name).spec.template;
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(containerOf(name).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(containerOf(name).volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
  });

  it('denies every connection that no policy names', () => {
    const policies = base.filter(({ kind }) => kind === 'NetworkPolicy');
    const deny = policies.find(({ metadata }) => metadata.name === 'parley-deny');
    expect(deny?.spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'parley' } },
      policyTypes: ['Ingress', 'Egress'],
    });
    for (const name of processes)
      expect(deploymentOf(name).spec.template.metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'parley' });
    const ports = policies.flatMap(({ spec }) => (spec as { ingress?: { ports: { port: string }[] }[] }).ingress ?? []);
    const opened = ports.flatMap((rule) => rule.ports.map(({ port }) => port));
    const named = processes.flatMap((name) => containerOf(name).ports.map((port) => port.name));
    expect(opened.filter((port) => !named.includes(port))).toEqual([]);
  });
});

describeRendered.each(overlays)('the overlay %s', (overlay) => {
  const objects = renderProblem === undefined ? renderOverlay(overlay) : [];

  it('follows the published schemas, in one namespace', () => {
    expect(objects.flatMap(schemaProblems)).toEqual([]);
    for (const { metadata } of objects) expect([metadata.name, metadata.namespace]).toEqual([metadata.name, 'parley']);
  });

  it('leaves the number of pods to the autoscaler where there is one', () => {
    const scaled = objects.flatMap(({ kind, spec }) =>
      ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind)
        ? (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name
        : [],
    );
    const deployments = deploymentsIn(objects);
    expect(scaled.filter((name) => !deployments.some(({ metadata }) => metadata.name === name))).toEqual([]);
    for (const { metadata, spec } of deployments)
      expect([metadata.name, spec.replicas === undefined]).toEqual([metadata.name, scaled.includes(metadata.name)]);
  });
});

describe('the files for Kubernetes', () => {
  it('name only metrics that the processes have', async () => {
    const metrics = await Promise.all(processes.map((name) => registeredMetrics(name)));
    const registered = metrics.flatMap((ofProcess) => [...ofProcess.keys()]);
    const files = readdirSync(kubernetesFolder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.yaml$/.test(file),
    );
    const text = files.map((file) => readFileSync(join(kubernetesFolder, file), 'utf8')).join('\n');
    const named = [...text.matchAll(/\bparley_\w+/g)].map(([name]) => name.replace(/_bucket$/, ''));
    expect(named).toContain('parley_edge_sockets');
    expect(named.filter((name) => !registered.includes(name))).toEqual([]);
  });
});
