/** The subprotocols that an upgrade asks for, in order (RFC 6455, section 11.3.4); empty elements are dropped. */
export function requestedSubprotocols(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
