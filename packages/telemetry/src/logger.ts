import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '@parley/config';
import { errorFields } from './error-fields.ts';

export type { Logger } from 'pino';

/**
 * A JSON logger. Messages are constant and values go into fields. What people said is private: no caller may pass a
 * transcript or a translation, and the usual field names for them are cut out besides, and of an error (`err`) nothing is
 * kept that might quote one: ioredis, for one, hangs the arguments of a command on its errors.
 *
 * @param process the process that logs, such as `edge`
 * @param destination where the lines go; standard output unless given
 */
export function createLogger(
  config: Pick<Config, 'LOG_LEVEL'>,
  process: string,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino(
    {
      level: config.LOG_LEVEL,
      base: { process, pid: globalThis.process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFields },
      redact: { paths: ['text', '*.text', 'translation', '*.translation'], censor: '(private)' },
    },
    destination,
  );
}
