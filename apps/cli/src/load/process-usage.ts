import { readFileSync } from 'node:fs';

export interface WatchedProcess {
  readonly name: string;
  readonly pid: number;
}

export interface ProcessUsage extends WatchedProcess {
  /** Percent of one core, averaged over the measurement. */
  readonly cpuPercent: number;
  readonly meanMemoryMib: number;
  readonly peakMemoryMib: number;
}

/** USER_HZ, the unit of CPU times in /proc: 100 on every Linux that Node.js runs on (proc(5)). */
const ticksPerSecond = 100;
const sampleIntervalMs = 500;

/** Measures processes through Linux's /proc, from construction until `finish`. */
export class ProcessUsageMeter {
  readonly #startedMs = performance.now();
  readonly #watched: readonly { process: WatchedProcess; startTicks: number; memoryMib: number[] }[];
  readonly #timer: NodeJS.Timeout;

  /** @throws Error if a process can't be read */
  constructor(processes: readonly WatchedProcess[]) {
    this.#watched = processes.map((process) => ({
      process,
      startTicks: cpuTicks(process.pid),
      memoryMib: [residentMib(process.pid)],
    }));
    this.#timer = setInterval(() => {
      this.#sample();
    }, sampleIntervalMs).unref();
  }

  /** Returns the usage of each process; `cpuPercent` is NaN for a process that has ended. */
  finish(): ProcessUsage[] {
    clearInterval(this.#timer);
    this.#sample();
    const seconds = (performance.now() - this.#startedMs) / 1000;
    return this.#watched.map(({ process, startTicks, memoryMib }) => ({
      ...process,
      cpuPercent: ((readOrNaN(() => cpuTicks(process.pid)) - startTicks) / ticksPerSecond / seconds) * 100,
      meanMemoryMib: memoryMib.reduce((sum, value) => sum + value, 0) / memoryMib.length,
      peakMemoryMib: Math.max(...memoryMib),
    }));
  }

  #sample(): void {
    for (const { process, memoryMib } of this.#watched) {
      const now = readOrNaN(() => residentMib(process.pid));
      if (!Number.isNaN(now)) memoryMib.push(now);
    }
  }
}

function readOrNaN(read: () => number): number {
  try {
    return read();
  } catch {
    return Number.NaN;
  }
}

/** utime + stime: fields 14 and 15 of /proc/PID/stat. The name in field 2 may contain spaces and brackets. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Returns the resident memory of a process. @throws Error if it can't be read */
export function residentMib(pid: number): number {
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(resident?.[1] ?? 0) / 1024;
}
