import { once } from 'node:events';
import { loadConfig, type Config, type ProcessName } from '@parley/config';
import { createLogger, type Logger } from '@parley/telemetry';
import { CommandFailure } from './exit-code.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * The start function that every app exports. Resolves when the app is ready. If `stop` is aborted while it waits, it rejects
 * with the reason of `stop`.
 */
export type StartProcess = (
  config: Config,
  logger: Logger,
  stop: AbortSignal,
) => Promise<{ readonly url: string; readonly metricsUrl?: string; close(): Promise<void> }>;

/**
 * Runs one Parley process until SIGTERM or SIGINT. Logs `ready` in one line, and closes the app within
 * `SHUTDOWN_TIMEOUT_MS`.
 *
 * @param load imports the app, so that each command loads only its own
 * @param overrides variables that take precedence over the environment
 * @throws ConfigError, CommandFailure if the graceful stop takes too long, or any error of the start
 */
export async function runProcess(
  name: ProcessName,
  load: () => Promise<StartProcess>,
  overrides: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const config = loadConfig({ ...process.env, ...Object.fromEntries(given) });
  const logger = createLogger(config, name);
  const stop = stopSignal();
  const stopped: Promise<unknown> = stop.aborted ? Promise.resolve() : once(stop, 'abort');

  const start = await load();
  const starting = start(config, logger, stop);
  const ready = starting.then(({ url, metricsUrl }) => {
    if (!stop.aborted) logger.info({ url, metricsUrl }, 'ready');
  });
  await Promise.race([ready.then(() => stopped), stopped]);

  logger.info('stopping');
  const closing = starting.then(
    (running) => running.close(),
    (error: unknown) => {
      // A start that was aborted by the stop has already closed its resources.
      if (error !== stop.reason) throw error;
    },
  );
  await withTimeout(config.SHUTDOWN_TIMEOUT_MS, closing);
  logger.info('stopped');
}

async function withTimeout(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new CommandFailure(`the process did not stop within SHUTDOWN_TIMEOUT_MS=${timeoutMs}`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
