import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Reads the memory limits of the containers from `docker-compose.yml`, in MiB. */
export function composeMemoryMib(service: 'edge' | 'worker' | 'redis'): number {
  const file = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
  const { services } = parse(file) as { services: Readonly<Record<string, { mem_limit?: string }>> };
  const [, amount] = /^(\d+)m$/.exec(services[service]?.mem_limit ?? '') ?? [];
  if (amount === undefined) throw new Error(`docker-compose.yml has no mem_limit in MB for ${service}`);
  return Number(amount);
}
