/**
 * Whether a `Host` header (RFC 9110, section 7.2) has one of the three names, with any port, that no foreign DNS
 * server can point at this machine. Other names don't count, whatever they resolve to: after DNS rebinding, a
 * website's own name arrives here.
 */
export function namesLoopback(hostHeader: string | undefined): boolean {
  return hostHeader !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(hostHeader);
}
