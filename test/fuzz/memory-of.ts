import { setTimeout as delay } from 'node:timers/promises';
import type { TestProcess } from '../harness/index.ts';

const mebibyte = 1024 * 1024;
const reportTimeoutMs = 20_000;

/** The environment of a process whose memory can be read with `memoryOf`. */
export const memoryEnvironment = { NODE_OPTIONS: `--import=${new URL('report-memory.ts', import.meta.url).href}` };

export interface MemoryMib {
  /** What is in use, on the heap of V8 and outside of it. */
  readonly used: number;
  /** What the process has of the machine. */
  readonly resident: number;
}

/** Collects the garbage of a process and returns its memory after that. */
export async function memoryOf(watched: TestProcess): Promise<MemoryMib> {
  const reports = (): string[] => watched.output().match(/^\{"memoryAfterCollection".*$/gm) ?? [];
  const before = reports().length;
  process.kill(watched.child.pid, 'SIGUSR2');
  for (const deadlineMs = performance.now() + reportTimeoutMs; performance.now() < deadlineMs;) {
    const report = reports()[before];
    if (report !== undefined) {
      const { rss, used } = (JSON.parse(report) as { memoryAfterCollection: { rss: number; used: number } })
        .memoryAfterCollection;
      return { used: Math.round(used / mebibyte), resident: Math.round(rss / mebibyte) };
    }
    await delay(20);
  }
  throw new Error(`the process did not report its memory within ${reportTimeoutMs} ms`);
}
