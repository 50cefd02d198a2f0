import type { IncomingHttpHeaders } from 'node:http';
import { forwardingHeader, namesLoopback } from '@parley/config';

const loopback = /^(?:::1|(?:::ffff:)?127(?:\.\d+){3})$/;

/**
 * Whether a request was sent by a program on this machine. Web pages in its browsers must not control the engine: a
 * page of another site sends its `Origin`, and after DNS rebinding the site's own name as the host. The engine has no
 * pages, so no origin is its own. The peer of a forwarded request is the proxy.
 *
 * @param remoteAddress the peer of the connection
 */
export function isFromThisMachine(headers: IncomingHttpHeaders, remoteAddress: string | undefined): boolean {
  // HTTP/2 has a pseudo-header instead of `Host`.
  const host = headers.host ?? headers[':authority'];
  return (
    loopback.test(remoteAddress ?? '') &&
    headers.origin === undefined &&
    forwardingHeader(headers) === undefined &&
    typeof host === 'string' &&
    namesLoopback(host)
  );
}
