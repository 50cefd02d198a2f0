import { readinessStatusCode, type ReadinessReport } from '@parley/telemetry';
import { fastify } from 'fastify';

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly readiness: () => Promise<ReadinessReport>;
  /** The metrics in Prometheus' text form. */
  readonly metrics: () => Promise<string>;
}

/** The one HTTP address of a worker: whether it lives, whether it takes jobs, and its metrics. */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = fastify({ forceCloseConnections: true });
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const report = await options.readiness();
    return reply.header('cache-control', 'no-store').code(readinessStatusCode(report)).send(report);
  });
  server.get('/metrics', async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.metrics());
  });
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}
