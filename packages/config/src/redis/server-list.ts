import type { ServerAddress } from '@parley/redis/servers';
import { z } from 'zod';
import { maxPort } from '../value-schemas.ts';

const maxServers = 64;
const server = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@,[\]]{1,253}))(?::(\d{1,5}))?$/;

/** `HOST[:PORT]` entries separated by commas, IPv6 addresses in brackets. */
export function serverListSchema(defaultPort: number): z.ZodType<readonly ServerAddress[], string> {
  return z.string().transform((text, context) => {
    const entries = text.split(',', maxServers + 1).map((entry) => addressOf(entry.trim(), defaultPort));
    const wrong = entries.indexOf(undefined);
    if (wrong !== -1) context.addIssue({ code: 'custom', message: `entry ${wrong + 1} is not HOST:PORT` });
    if (entries.length > maxServers) context.addIssue({ code: 'custom', message: `more than ${maxServers} entries` });
    return entries.filter((address) => address !== undefined);
  });
}

function addressOf(entry: string, defaultPort: number): ServerAddress | undefined {
  const [match, ipv6, name, port] = server.exec(entry) ?? [];
  if (match === undefined || Number(port ?? 1) > maxPort || Number(port ?? 1) === 0) return undefined;
  return { host: ipv6 ?? name ?? '', port: port === undefined ? defaultPort : Number(port) };
}
