import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readinessStatusCode, type Logger, type ReadinessReport } from '@parley/telemetry';

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly readiness: () => Promise<ReadinessReport>;
  /** Metrics in Prometheus text format. */
  readonly metrics: () => Promise<string>;
  readonly logger: Logger;
}

type Page = (response: ServerResponse) => void | Promise<void>;

/** Serves a worker's liveness, readiness and metrics over HTTP. */
export async function startHealthServer({
  host,
  port,
  readiness,
  metrics,
  logger,
}: HealthServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const pages: Readonly<Record<string, Page>> = {
    '/healthz': (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const report = await readiness();
      sendJson(response, readinessStatusCode(report), report);
    },
    '/metrics': async (response) => {
      const text = await metrics();
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(text);
    },
  };
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
