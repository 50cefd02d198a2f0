import { describe, expect, it } from '@jest/globals';
import { createLogger, MetricsPortTakenError, startMetricsServer, type MetricsServerOptions } from '../src/index.ts';

const logger = createLogger({ LOG_LEVEL: 'silent' }, 'edge');

async function start(port: number | undefined, more: Partial<MetricsServerOptions> = {}) {
  const server = await startMetricsServer({
    process: 'edge',
    config: { METRICS_HOST: '127.0.0.1', METRICS_PORT: port },
    metrics: () => Promise.resolve('parley_edge_sockets 1\n'),
    logger,
    ...more,
  });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}

describe('the metrics server', () => {
  it('serves the metrics in the text format of Prometheus, and nothing else', async () => {
    await using server = await start(0);
    const response = await fetch(server.metricsUrl);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('parley_edge_sockets 1\n');
    for (const path of ['/', '/v1/stream', '/healthz']) {
      expect((await fetch(new URL(path, server.metricsUrl))).status).toBe(404);
    }
  });

  it('answers an error without what it says', async () => {
    await using server = await start(0, { metrics: () => Promise.reject(new Error('private')) });
    const failed = await fetch(server.metricsUrl);
    expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining('private')]);
  });

  it('rejects if the configured port is in use, and replaces a default one', async () => {
    await using server = await start(0);
    const port = Number(new URL(server.metricsUrl).port);
    await expect(start(port)).rejects.toThrow(MetricsPortTakenError);
    await using one = await start(undefined);
    await using other = await start(undefined);
    expect(new Set([one.metricsUrl, other.metricsUrl]).size).toBe(2);
    expect(await (await fetch(other.metricsUrl)).text()).toContain('parley_edge_sockets');
  });
});
