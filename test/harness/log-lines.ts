import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProcess } from './process.ts';

/** A line of a log, as JSON. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const pollIntervalMs = 20;
const timeoutMs = 20_000;

/** Returns the lines that processes have logged with this message. */
export function logLines(processes: readonly TestProcess[], message: string): readonly LogLine[] {
  const lines = processes.flatMap((process) => process.output().split('\n'));
  return lines
    .filter((line) => line.includes(`"msg":${JSON.stringify(message)}`))
    .map((line) => JSON.parse(line) as LogLine);
}

/** Resolves with the first line with this message that fits. */
export async function loggedLine(
  processes: readonly TestProcess[],
  message: string,
  fits: (line: LogLine) => boolean,
): Promise<LogLine> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const line = logLines(processes, message).find(fits);
    if (line !== undefined) return line;
    if (Date.now() > deadline) throw new Error(`no process has logged "${message}" in time`);
    await sleep(pollIntervalMs);
  }
}
