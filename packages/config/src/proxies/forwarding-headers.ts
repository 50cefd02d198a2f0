import type { IncomingHttpHeaders } from 'node:http';

/** Headers that proxies and CDNs add, besides the prefixes below; no browser or Parley client sends them. */
const names: ReadonlySet<string> = new Set([
  'forwarded',
  'forwarded-for',
  'via',
  'x-real-ip',
  'x-real-port',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'x-originating-ip',
  'x-remote-addr',
  'x-remote-ip',
  'x-proxyuser-ip',
  'client-ip',
  'true-client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'cdn-loop',
  'x-appengine-user-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-envoy-external-address',
  'x-envoy-original-path',
  'x-nf-client-connection-ip',
  'x-vercel-forwarded-for',
  'x-arr-log-id',
  'x-amz-cf-id',
]);

const prefixes = ['x-forwarded', 'cf-', 'tailscale-user-'] as const;

/** Returns the name of the first header that shows that a proxy forwarded the request; `undefined` if there is none. */
export function forwardingHeader(headers: IncomingHttpHeaders): string | undefined {
  return Object.keys(headers).find((name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix)));
}
