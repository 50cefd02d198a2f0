import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UpgradeRefusal } from './decide-upgrade.ts';

/** Answers an upgrade with an HTTP error and lets go of the connection. */
export function refuseUpgrade(connection: Duplex, { status, reason }: UpgradeRefusal): void {
  const error = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ statusCode: status, error, message: reason });
  const lines = [
    `HTTP/1.1 ${status} ${error}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    // RFC 9110, section 11.6.1: a 401 names the way to authenticate.
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  connection.once('finish', () => connection.destroy());
  connection.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
