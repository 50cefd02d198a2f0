import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { variables, type ProcessName, type Variable } from '@parley/config';
import { parse } from 'yaml';

interface Service {
  /** `null`: the value of `.env` or of the environment, as it is. */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly env_file?: readonly unknown[];
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

interface Observer {
  readonly profiles?: readonly string[];
  readonly image: string;
  readonly ports: readonly string[];
  readonly mem_limit: string;
  readonly read_only: boolean;
  readonly volumes: readonly string[];
}

const file = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
const { services } = parse(file, { merge: true }) as { services: Record<string, Service> };
const entries = Object.entries(variables) as [string, Variable][];
const processes = ['edge', 'worker', 'dashboard', 'engine'] as const satisfies readonly ProcessName[];

/** Variables that depend on the containers' network, files or layout, and ignore `.env`. */
const decidedByCompose = ['HOST', 'PORT', 'HEALTH_PORT', 'METRICS_HOST', 'METRICS_PORT', 'WORKERS'];

function environmentOf(name: string): Service['environment'] {
  return services[name]?.environment ?? {};
}

describe('docker-compose.yml', () => {
  it.each(processes)('passes exactly the variables that the %s reads', (name) => {
    const read = entries.filter(([, { readBy }]) => readBy.includes(name)).map(([variable]) => variable);
    const emptied = Object.entries(environmentOf(name)).flatMap(([variable, value]) => (value === '' ? variable : []));
    expect(emptied.filter((variable) => read.includes(variable))).toEqual([]);
    expect(Object.keys(environmentOf(name)).sort()).toEqual([...read, ...emptied].sort());
  });

  it.each(processes)('lets `.env` override every variable of the %s except those of the container layout', (name) => {
    for (const [variable, value] of Object.entries(environmentOf(name))) {
      if (value === null || value === '') continue;
      if (decidedByCompose.includes(variable)) expect(value).not.toContain('$');
      else expect(value).toMatch(new RegExp(`^\\$\\{${variable}(:-.+|:\\+/run/.+)\\}$`));
    }
  });

  it('removes unneeded secrets from services that get the whole `.env`', () => {
    for (const name of processes) {
      if (services[name]?.env_file === undefined) continue;
      const others = entries.filter(([, { secret, readBy }]) => secret === true && !readBy.includes(name));
      for (const [variable] of others)
        expect([name, variable, environmentOf(name)[variable]]).toEqual([name, variable, '']);
    }
  });

  it('bounds the log of every container', () => {
    for (const [name, { logging }] of Object.entries(services)) {
      const options = { 'max-size': expect.stringMatching(/^\d+m$/), 'max-file': expect.stringMatching(/^\d$/) };
      expect([name, logging]).toEqual([name, { driver: 'json-file', options }]);
    }
  });

  it('has a proxy with TLS that is not started unless asked for, and gives it no variable of Parley', () => {
    const proxy = services.tls as (Service & { profiles: string[]; volumes: string[] }) | undefined;
    expect(proxy?.profiles).toEqual(['tls']);
    expect(Object.keys(environmentOf('tls')).filter((name) => name in variables)).toEqual([]);
    const caddyfile = readFileSync(new URL('../infra/caddy/Caddyfile', import.meta.url), 'utf8');
    expect(proxy?.volumes).toContain('./infra/caddy/Caddyfile:/etc/caddy/Caddyfile:ro');
    // A client must not be able to claim an address by a header that Caddy leaves as it is.
    expect(caddyfile).toContain('header_up -Forwarded');
  });

  it('has a proxy for several edges, which differs from the one with TLS in its address only', () => {
    const { tls, scale } = services as unknown as Record<string, object | undefined>;
    const own = { profiles: ['scale'], ports: ['127.0.0.1:${SCALE_PORT:-8787}:8787'] };
    expect(scale).toEqual({ ...tls, ...own, environment: { DOMAIN: ':8787' } });
    const caddyfile = readFileSync(new URL('../infra/caddy/Caddyfile', import.meta.url), 'utf8');
    // It finds the edges by the name of their service, and where they listen.
    expect(caddyfile).toMatch(/dynamic a \{\s+name \{\$EDGE_HOST:edge\}\s+port \{\$EDGE_PORT:8787\}/);
    expect(environmentOf('edge').PORT).toBe('8787');
  });

  it('has monitoring that is not started unless asked for, and is only for this machine', () => {
    const observers = Object.entries(services as unknown as Record<string, Observer>).filter(([, { profiles }]) =>
      profiles?.includes('observability'),
    );
    expect(observers.map(([name]) => name)).toEqual(['prometheus', 'grafana']);
    for (const [name, { image, ports, mem_limit, volumes, read_only }] of observers) {
      expect([name, image]).toEqual([name, expect.stringMatching(/:v?\d+\.\d+\.\d+$/)]);
      expect([name, ports]).toEqual([name, [expect.stringMatching(/^127\.0\.0\.1:/)]]);
      expect([name, mem_limit, read_only]).toEqual([name, expect.stringMatching(/^\d+m$/), true]);
      for (const [path = ''] of volumes.map((volume) => volume.split(':')).filter(([path]) => path?.startsWith('.')))
        expect([path, existsSync(new URL(`../${path}`, import.meta.url))]).toEqual([path, true]);
    }
    expect(services.grafana?.environment.GF_SECURITY_ADMIN_PASSWORD).toBe('${GRAFANA_PASSWORD:-}');
  });

  it('demands no variable: Compose would demand it even if the service is not in use', () => {
    expect(file.match(/\$\{\w+:?\?/)).toBeNull();
  });

  it('does not start Grafana with the password that everybody knows', () => {
    const [shell = '', option = '', script = ''] = (services.grafana as unknown as { entrypoint: string[] }).entrypoint;
    const start = (password: string) =>
      spawnSync(shell, [option, script.replaceAll('$$', '$').replace('/run.sh', 'echo started')], {
        env: { PATH: process.env.PATH, GF_SECURITY_ADMIN_PASSWORD: password },
        encoding: 'utf8',
      });
    expect(start('')).toMatchObject({ status: 1, stdout: expect.stringContaining('GRAFANA_PASSWORD is not set') });
    expect(start('of my own')).toMatchObject({ status: 0, stdout: 'started\n' });
  });

  it.each(['edge', 'worker'])(
    'lets the %s be scaled: it has neither a name nor a port that only one container can have',
    (name) => {
      const service = services[name] as (Service & { container_name?: string; ports?: string[] }) | undefined;
      expect(service?.container_name).toBeUndefined();
      // EDGE_PORT=0 is any free port.
      expect(service?.ports ?? []).toEqual(name === 'edge' ? ['127.0.0.1:${EDGE_PORT:-8787}:8787'] : []);
    },
  );

  it('passes the whole `.env` to a worker, for the API key variables of ENGINES', () => {
    expect(services.worker?.env_file).toEqual([{ path: '.env', required: false }]);
  });
});
