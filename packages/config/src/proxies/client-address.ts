import type { IncomingHttpHeaders } from 'node:http';
import { canonicalAddress } from './ip-address.ts';
import { addressMatcher, type AddressRange } from './proxy-list.ts';

/** Longer chains of proxies don't occur in practice; earlier entries of a header are ignored. */
const maxHops = 32;
const maxHeaderChars = 4096;

/** Returns the address of the client of a request, given the address of the connection's peer. */
export type ClientAddress = (peer: string, headers: IncomingHttpHeaders) => string;

/**
 * Creates a function that finds the client behind trusted proxies. Each proxy appends the address from which it
 * received the request, so the header is read from its end: trusted proxies are skipped, and the first other address is
 * the client's. Earlier entries were written by that client and are ignored. An unreadable entry ends the search at the
 * proxy after it.
 *
 * If `X-Forwarded-For` and `Forwarded` (RFC 7239) disagree, the client may have forged one of them, so the address of
 * its proxy is returned. `X-Real-IP` holds a single address and is only used if both are missing.
 *
 * @param trusted proxies whose headers are believed; the headers of any other peer are ignored
 */
export function clientAddressBehind(trusted: readonly AddressRange[]): ClientAddress {
  const isTrusted = addressMatcher(trusted);
  const clientOf = (peer: string, hops: readonly string[]): string => {
    let client = peer;
    for (const hop of hops.slice(-maxHops).reverse()) {
      if (!isTrusted(client)) break;
      const address = parseHop(hop);
      if (address === undefined) break;
      client = address;
    }
    return client;
  };
  return (peer, headers) => {
    const from = canonicalAddress(peer) ?? peer;
    if (!isTrusted(from)) return from;
    const lists = [splitList(headers['x-forwarded-for']), forwardedFor(headerTail(headers.forwarded))].filter(
      ({ length }) => length > 0,
    );
    if (lists.length === 0) return clientOf(from, splitList(headers['x-real-ip']));
    const found = new Set(lists.map((hops) => clientOf(from, hops)));
    const [client] = found;
    return found.size === 1 && client !== undefined ? client : from;
  };
}

/** Returns the last `maxHeaderChars` characters of a header; repeated headers are joined in order. */
function headerTail(header: string | string[] | undefined): string {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  // The element before the first comma may be truncated.
  return text.length <= maxHeaderChars ? text : text.slice(-maxHeaderChars).replace(/^[^,]*/, '');
}

function splitList(header: string | string[] | undefined): string[] {
  const text = headerTail(header);
  return text.trim() === '' ? [] : text.split(',').map((element) => element.trim());
}

/** The `for` parameter of each `Forwarded` element; '' if it has none or more than one. */
function forwardedFor(header: string): string[] {
  if (header.trim() === '') return [];
  return splitOutsideQuotes(header, ',').map((element) => {
    const nodes = splitOutsideQuotes(element, ';').flatMap((pair) => {
      const [, value] = /^\s*for\s*=\s*(.*?)\s*$/i.exec(pair) ?? [];
      return value === undefined ? [] : [value];
    });
    const [node = ''] = nodes;
    return nodes.length === 1 ? node.replace(/^"(.*)"$/, '$1') : '';
  });
}

/** Splits a header; separators in a quoted string (RFC 9110, section 5.6.4) don't count. */
function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let [part, isQuoted] = ['', false];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '\\' && isQuoted) {
      part += character + text.charAt(++index);
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}

/**
 * Parses an address with or without a port: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`,
 * `[2001:db8::1]:4711`.
 */
function parseHop(hop: string): string | undefined {
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop) ?? [];
  if (bracketed !== undefined) return bracketed.includes(':') ? canonicalAddress(bracketed) : undefined;
  const [, withPort] = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(hop) ?? [];
  return canonicalAddress(withPort ?? hop);
}
