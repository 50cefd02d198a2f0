import { once } from 'node:events';
import { loadConfig, type Config, type ProcessName } from '@parley/config';
import { createLogger, type Logger } from '@parley/telemetry';
import { CommandFailure } from './exit-code.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * What every app's index gives: opens everything and resolves when it is ready. Where it waits for something, it gives up
 * with the reason of `stop` once that is aborted.
 */
export type StartProcess = (
  config: Config,
  logger: Logger,
  stop: AbortSignal,
) => Promise<{ readonly url: string; close(): Promise<void> }>;

/**
 * Runs one process of Parley until SIGTERM or SIGINT: says `ready` in one log line, and closes what was started within
 * `SHUTDOWN_TIMEOUT_MS`.
 *
 * @param load imports the app, so that a command only loads its own
 * @param overrides variables that stand above the environment
 * @throws ConfigError, CommandFailure where the graceful stop takes too long, or what the start throws
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
  const ready = starting.then(({ url }) => {
    if (!stop.aborted) logger.info({ url }, 'ready');
  });
  await Promise.race([ready.then(() => stopped), stopped]);

  logger.info('stopping');
  const closing = starting.then(
    (running) => running.close(),
    (error: unknown) => {
      // A start that gave up for the stop has closed what it had opened.
      if (error !== stop.reason) throw error;
    },
  );
  await within(config.SHUTDOWN_TIMEOUT_MS, closing);
  logger.info('stopped');
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new CommandFailure(`it did not stop within SHUTDOWN_TIMEOUT_MS=${timeoutMs}`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
