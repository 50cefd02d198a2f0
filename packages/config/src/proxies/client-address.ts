import type { IncomingHttpHeaders } from 'node:http';
import { canonicalAddress } from './ip-address.ts';
import { addressMatcher, type AddressRange } from './proxy-list.ts';

/** More proxies than this stand behind each other nowhere; the rest of a header is not looked at. */
const maxHops = 32;
const maxHeaderChars = 4096;

/** Gives the address of who sent a request, given that of the peer of its connection. */
export type ClientAddress = (peer: string, headers: IncomingHttpHeaders) => string;

/**
 * Finds the client behind proxies that are trusted. Each proxy appends the address that it got the request from, so the
 * header is read from its end: past trusted proxies, to the first address that is none. What stands before it is whatever that
 * client wrote. An entry that can't be read ends the search at the proxy behind it.
 *
 * Where `X-Forwarded-For` and `Forwarded` (RFC 7239) disagree, the client may have sent one of them, and its proxy
 * counts. `X-Real-IP` is one address, and asked last.
 *
 * @param trusted whose headers are believed; of any other peer they mean nothing
 */
export function clientAddressBehind(trusted: readonly AddressRange[]): ClientAddress {
  const isTrusted = addressMatcher(trusted);
  const walk = (peer: string, hops: readonly string[]): string => {
    let client = peer;
    for (const hop of hops.slice(-maxHops).reverse()) {
      if (!isTrusted(client)) break;
      const address = addressOfHop(hop);
      if (address === undefined) break;
      client = address;
    }
    return client;
  };
  return (peer, headers) => {
    const from = canonicalAddress(peer) ?? peer;
    if (!isTrusted(from)) return from;
    const lists = [listOf(headers['x-forwarded-for']), forOf(endOf(headers.forwarded))].filter(
      ({ length }) => length > 0,
    );
    if (lists.length === 0) return walk(from, listOf(headers['x-real-ip']));
    const found = new Set(lists.map((hops) => walk(from, hops)));
    const [client] = found;
    return found.size === 1 && client !== undefined ? client : from;
  };
}

/** The end of a header that is looked at; several lines of one name count as one, in their order. */
function endOf(header: string | string[] | undefined): string {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  // Up to the first comma stands an element that may be cut.
  return text.length <= maxHeaderChars ? text : text.slice(-maxHeaderChars).replace(/^[^,]*/, '');
}

function listOf(header: string | string[] | undefined): string[] {
  const text = endOf(header);
  return text.trim() === '' ? [] : text.split(',').map((element) => element.trim());
}

/** The `for` of each element of `Forwarded`; '' where it has none, or more than one. */
function forOf(header: string): string[] {
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

/** Commas and semicolons in a quoted string (RFC 9110, section 5.6.4) separate nothing. */
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

/** An address with or without a port: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`. */
function addressOfHop(hop: string): string | undefined {
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop) ?? [];
  if (bracketed !== undefined) return bracketed.includes(':') ? canonicalAddress(bracketed) : undefined;
  const [, withPort] = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(hop) ?? [];
  return canonicalAddress(withPort ?? hop);
}
