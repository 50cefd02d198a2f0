import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '@parley/config';
import { errorFields } from './error-fields.ts';
import { RepeatGate } from './repeat-gate.ts';

export type { Logger } from 'pino';

/**
 * Creates a JSON logger. Messages are constant; values go into fields. Transcripts and translations are private and
 * must never be passed: as a safeguard, their usual field names are redacted, and errors (`err`) are reduced to fields
 * that cannot quote them, since ioredis attaches the arguments of a command to its errors. A line that an outage
 * repeats is written once a minute, with the number of suppressed lines as `repeated`. Levels are written by name.
 *
 * @param process the name of the logging process, such as `edge`
 * @param destination where lines are written; by default standard output
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
      formatters: { level: (name) => ({ level: name }) },
      serializers: { err: errorFields },
      redact: { paths: ['text', '*.text', 'translation', '*.translation'], censor: '(private)' },
    },
    destination,
  );
}
