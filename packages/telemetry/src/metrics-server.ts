import type { Config } from '@parley/config';
import type { Logger } from './logger.ts';
import { startPageServer, type Page, type PageServer } from './page-server.ts';

/** So that each process of one machine has its own. */
const defaultPorts = { edge: 8791, worker: 8792, dashboard: 8793, engine: 8794 } as const;

export interface MetricsServerOptions {
  readonly process: keyof typeof defaultPorts;
  readonly config: Pick<Config, 'METRICS_HOST' | 'METRICS_PORT'>;
  /** Returns the metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
  readonly logger: Logger;
}

/** Another process already uses the port. */
export class MetricsPortTakenError extends Error {
  override readonly name = 'MetricsPortTakenError';

  constructor(host: string, port: number, cause: unknown) {
    super(`port ${port} on ${host} is already in use; set METRICS_PORT to another port (0 for any free port)`, {
      cause,
    });
  }
}

/**
 * Serves the metrics of a process at `/metrics`, on a port that no client needs. A default port that is in use is replaced by
 * any free one.
 *
 * @returns `metricsUrl`, with the path
 * @throws MetricsPortTakenError if the configured port is in use
 */
export async function startMetricsServer(
  options: MetricsServerOptions,
): Promise<{ readonly metricsUrl: string; close(): Promise<void> }> {
  const { METRICS_HOST: host, METRICS_PORT: configured } = options.config;
  const defaultPort = defaultPorts[options.process];
  try {
    return served(await start(options, configured ?? defaultPort));
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
    if (configured !== undefined) throw new MetricsPortTakenError(host, configured, error);
    options.logger.info({ port: defaultPort }, 'the default port for metrics is in use; using a free one');
    return served(await start(options, 0));
  }
}

function start({ config, metrics, logger }: MetricsServerOptions, port: number): Promise<PageServer> {
  const pages: Readonly<Record<string, Page>> = {
    '/metrics': async (response) => {
      const text = await metrics();
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(text);
    },
  };
  return startPageServer({ host: config.METRICS_HOST, port, pages, logger });
}

function served({ url, close }: PageServer): { metricsUrl: string; close(): Promise<void> } {
  return { metricsUrl: `${url}/metrics`, close };
}

function isAddressInUse(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && error.code === 'EADDRINUSE';
}
