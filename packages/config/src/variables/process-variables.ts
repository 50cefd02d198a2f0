import { z } from 'zod';
import { apiKeysSchema, dashboardKeySchema } from '../api-keys.ts';
import { maxPort, portNumber } from '../value-schemas.ts';
import { proxyListSchema } from '../proxies/proxy-list.ts';
import { choice, everyProcess, integer, optional, text, type Variable } from '../variable.ts';

/** Addresses and ports, logging, and access control. */
export const processVariables = {
  HOST: text({
    allowed: 'a host name or address to listen on',
    fallback: '127.0.0.1',
    description:
      'The address on which the edge, the local engine, the dashboard and the health checks of a worker listen.',
    readBy: ['up', 'edge', 'worker', 'engine', 'dashboard'],
  }),
  PORT: optional(portNumber, {
    allowed: 'a port from 0 to 65535 (0: any free one)',
    description:
      'The port to listen on. Unset: edge 8787, engine 8788, dashboard 8790. For `up`: the port of the edge (unset: 8787, or a free port if that is in use); its dashboard uses 8790 or, if that is in use, one of the next; its other processes use free ports.',
    readBy: ['up', 'edge', 'engine', 'dashboard'],
  }),
  HEALTH_PORT: integer(
    { min: 0, max: maxPort, fallback: 8789 },
    {
      description: 'The port on which a worker serves health checks (0: any free one).',
      readBy: ['worker'],
    },
  ),
  METRICS_PORT: optional(portNumber, {
    allowed: 'a port from 0 to 65535 (0: any free one)',
    description:
      'The port on which `/metrics` is served, apart from the port of the clients. Unset: edge 8791, worker 8792, dashboard 8793, engine 8794, or any free port if that is in use. An inline worker uses the next port after it.',
    readBy: ['edge', 'worker', 'engine', 'dashboard'],
  }),
  METRICS_HOST: text({
    allowed: 'a host name or address to listen on',
    fallback: '127.0.0.1',
    description: 'The address on which `/metrics` is served; it needs no key.',
    readBy: ['edge', 'worker', 'engine', 'dashboard'],
  }),
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info', {
    description: 'The lowest level that is logged.',
    readBy: everyProcess,
  }),
  API_KEYS: optional(apiKeysSchema, {
    allowed: 'TENANT:KEY pairs separated by commas, keys of at least 16 characters',
    description:
      'Keys that clients need to open sessions. If set, the dashboard needs DASHBOARD_KEY, and accepts none of these. Unset: clients on loopback need no key, see docs/operations.md.',
    readBy: ['up', 'edge', 'dashboard'],
    secret: true,
  }),
  DASHBOARD_KEY: optional(dashboardKeySchema, {
    allowed: 'at least 16 printable ASCII characters without spaces',
    description:
      'The password of the dashboard, with any user name. Unset: clients on loopback need none, unless API_KEYS is set; then `up` makes one, and `dashboard` does not start.',
    readBy: ['up', 'dashboard'],
    secret: true,
  }),
  DASHBOARD_OPERATOR_KEY: optional(dashboardKeySchema, {
    allowed: 'at least 16 printable ASCII characters without spaces',
    description:
      'The password of the role that may retry and clean jobs, at `/operator/` of the dashboard; it also opens the rest. Unset: nobody may.',
    readBy: ['up', 'dashboard'],
    secret: true,
  }),
  KEYLESS: choice(['auto', 'loopback', 'never'], 'auto', {
    description:
      '`loopback`: without API_KEYS (dashboard: without DASHBOARD_KEY), no key is needed although the process listens on all addresses. For containers whose port is published on loopback only. `never`: clients always need a key, of API_KEYS or made by `parley keys create`, and the dashboard needs DASHBOARD_KEY.',
    readBy: ['edge', 'dashboard'],
  }),
  TLS_CERT_FILE: optional(z.string().min(1), {
    allowed: 'the path of a PEM file with the certificate and its intermediate ones',
    description:
      'The certificate with which the edge serves https:// and wss:// instead of http:// and ws://; needs TLS_KEY_FILE. It is read again when the file changes, without an interruption of connections.',
    readBy: ['edge'],
  }),
  TLS_KEY_FILE: optional(z.string().min(1), {
    allowed: 'the path of a PEM file with the private key of TLS_CERT_FILE',
    description: 'The private key of TLS_CERT_FILE.',
    readBy: ['edge'],
  }),
  TRUSTED_PROXIES: optional(proxyListSchema, {
    allowed: 'addresses and CIDR ranges (not /0), `loopback` or `private`, separated by commas',
    description:
      'Reverse proxies whose `X-Forwarded-For`, `Forwarded` or `X-Real-IP` header names the client. The address is used to limit attempts with wrong join codes, unknown keys and, at the dashboard, wrong logins. Requires keys (API_KEYS or KEYLESS=never). Unset: the address of the connection is used and these headers are ignored.',
    readBy: ['up', 'edge', 'dashboard'],
  }),
} as const satisfies Record<string, Variable>;
