import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './logger.ts';
import { readinessStatusCode, type ReadinessReport } from './readiness.ts';

/** Answers a request; what it throws is answered with HTTP 500 and logged. */
export type Page = (response: ServerResponse) => void | Promise<void>;

export interface PageServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** By their paths. */
  readonly pages: Readonly<Record<string, Page>>;
  readonly logger: Logger;
}

export interface PageServer {
  /** Without a path. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The pages for liveness and readiness. */
export function healthPages(readiness: () => Promise<ReadinessReport>): Readonly<Record<string, Page>> {
  return {
    '/healthz': (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const report = await readiness();
      sendJson(response, readinessStatusCode(report), report);
    },
  };
}

/**
 * Serves a few pages for operators over HTTP, for GET and HEAD.
 *
 * @throws the error of `listen`, such as one with the code EADDRINUSE
 */
export async function startPageServer({ host, port, pages, logger }: PageServerOptions): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const page = isRead && Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) sendJson(response, 404, { error: 'Not Found' });
    else void serve(page, response, logger);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { address, port: boundPort } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${address.includes(':') ? `[${address}]` : address}:${boundPort}`, close };
}

async function serve(page: Page, response: ServerResponse, logger: Logger): Promise<void> {
  try {
    await page(response);
  } catch (error) {
    logger.error({ err: error }, 'serving an HTTP request failed');
    sendJson(response, 500, { error: 'Internal Server Error' });
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
