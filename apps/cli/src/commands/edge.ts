import { Command } from 'commander';
import { environmentHelp } from '../environment-help.ts';
import { runProcess, type StartProcess } from '../run-process.ts';

/** `parley edge` */
export function edgeCommand(): Command {
  return new Command('edge')
    .description('run one edge: the WebSocket server that clients connect to')
    .option('--port <port>', 'listen on this port instead of PORT')
    .option('--host <host>', 'listen on this address instead of HOST')
    .addHelpText('after', environmentHelp('edge'))
    .addHelpText('after', '\nExample:\n  REDIS_URL=redis://127.0.0.1:6379 parley edge --port 8787')
    .action(async ({ port, host }: { port?: string; host?: string }) => {
      await runProcess('edge', loadEdge, { PORT: port, HOST: host });
    });
}

/** Loads the edge with the caption page at `/` and, with `WORKERS=inline`, a worker in the same process. */
async function loadEdge(): Promise<StartProcess> {
  const [{ startEdge }, { webRoot }] = await Promise.all([import('@parley/edge'), import('@parley/web')]);
  return async (config, logger, stop) => {
    await using opened = new AsyncDisposableStack();
    if (config.WORKERS === 'inline') {
      const { startWorker } = await import('@parley/worker');
      const { METRICS_PORT: port } = config;
      const workerConfig = { ...config, METRICS_PORT: port === undefined || port === 0 ? port : port + 1 };
      const worker = opened.adopt(await startWorker(workerConfig, logger, stop), (running) => running.close());
      logger.info({ url: worker.url, metricsUrl: worker.metricsUrl }, 'inline worker started');
    }
    const edge = opened.adopt(await startEdge(config, logger, { pagesFolder: webRoot }), (running) => running.close());
    const running = opened.move();
    return { url: edge.url, metricsUrl: edge.metricsUrl, close: () => running.disposeAsync() };
  };
}
