import { z } from 'zod';
import { apiKeysSchema } from '../api-keys.ts';
import { maxPort, portNumber } from '../number-schemas.ts';
import { proxyListSchema } from '../proxies/proxy-list.ts';
import { choice, everyProcess, integer, optional, text, type Variable } from '../variable.ts';

const redisUrl = z.url({ protocol: /^rediss?$/ });

/** What the processes listen on, which Redis they use, and who may use them. */
export const processVariables = {
  HOST: text({
    allowed: 'a host name or address to listen on',
    fallback: '127.0.0.1',
    description: 'The address that edge, engine and dashboard listen on.',
    readBy: ['up', 'edge', 'engine', 'dashboard'],
  }),
  PORT: optional(portNumber, {
    allowed: 'a port from 0 to 65535 (0: any free one)',
    description:
      'The port to listen on. Unset: edge 8787, engine 8788, dashboard 8790. `up`: the port of the edge (unset: 8787, or a free one where that is taken); its other processes take free ones.',
    readBy: ['up', 'edge', 'engine', 'dashboard'],
  }),
  HEALTH_PORT: integer(
    { min: 0, max: maxPort, fallback: 8789 },
    { description: "The port of a worker's health and metrics (0: any free one).", readBy: ['worker'] },
  ),
  REDIS_URL: optional(redisUrl, {
    allowed: 'a redis:// or rediss:// URL',
    description:
      'The Redis for sessions and jobs (noeviction, append-only). Unset: `up` starts a private one; the others use redis://127.0.0.1:6379.',
    readBy: ['up', 'edge', 'worker', 'dashboard'],
    secret: true,
  }),
  CACHE_REDIS_URL: optional(redisUrl, {
    allowed: 'a redis:// or rediss:// URL',
    description:
      'The Redis for cached translations and calls that are shared (any eviction policy, nothing on disk). Unset: the one of REDIS_URL; without either, `up` starts a second private one.',
    readBy: ['up', 'worker'],
    secret: true,
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info', {
    description: 'How much is logged.',
    readBy: everyProcess,
  }),
  API_KEYS: optional(apiKeysSchema, {
    allowed: 'TENANT:KEY pairs separated by commas, keys of at least 16 characters',
    description:
      'Who may open sessions and, with a key as the password, the dashboard. Unset: no key is needed from loopback, see docs/operations.md.',
    readBy: ['up', 'edge', 'dashboard'],
    secret: true,
  }),
  KEYLESS: choice(['auto', 'loopback'], 'auto', {
    description:
      '`loopback`: without API_KEYS no key is needed although the process listens on every address, because its port is only published on loopback (a container).',
    readBy: ['edge', 'dashboard'],
  }),
  TRUSTED_PROXIES: optional(proxyListSchema, {
    allowed: 'addresses and CIDR ranges (not /0), `loopback` or `private`, separated by commas',
    description:
      'Reverse proxies whose `X-Forwarded-For`, `Forwarded` or `X-Real-IP` names the client, with API_KEYS set: its address counts for wrong join codes. Unset: the address of the connection counts, and such headers mean nothing.',
    readBy: ['up', 'edge'],
  }),
} as const satisfies Record<string, Variable>;
