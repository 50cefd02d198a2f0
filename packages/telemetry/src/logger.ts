import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '@parley/config';
import { errorFields } from './error-fields.ts';
import { RepeatGate } from './repeat-gate.ts';

export type { Logger } from 'pino';

/**
 * A JSON logger. Messages are constant and values go into fields. What people said is private: no caller may pass a
 * transcript or a translation, and the usual field names for them are cut out besides, and of an error (`err`) nothing is
 * kept that might quote one: ioredis, for one, hangs the arguments of a command on its errors. A line that an outage
 * repeats is written once a minute, with the number of those that were left out as `repeated`.
 *
 * @param process the process that logs, such as `edge`
 * @param destination where the lines go; standard output unless given
 */
export function createLogger(
  config: Pick<Config, 'LOG_LEVEL'>,
  process: string,
  destination: DestinationStream = pino.destination(1),
): Logger {
  const repeats = new RepeatGate(() => performance.now());
  return pino(
    {
      hooks: {
        logMethod(parameters, write) {
          const [fields, message] = parameters as unknown[];
          if (typeof fields !== 'object' || fields === null || !('err' in fields) || typeof message !== 'string') {
            write.apply(this, parameters);
            return;
          }
          const repeated = repeats.admit(fields.err, message);
          if (repeated !== undefined) write.call(this, repeated === 0 ? fields : { ...fields, repeated }, message);
        },
      },
      level: config.LOG_LEVEL,
      base: { process, pid: globalThis.process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFields },
      redact: { paths: ['text', '*.text', 'translation', '*.translation'], censor: '(private)' },
    },
    destination,
  );
}
