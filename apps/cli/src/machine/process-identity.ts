import { readFileSync } from 'node:fs';

/** Identifies a process even if its id is reused later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, field 22 of proc_pid_stat(5); `0` if unknown. */
  readonly startTicks: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTicks: startTicksOf(pid) ?? '0' };
}

/** Whether exactly this process is still running. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startTicksOf(pid);
  return now === undefined || startTicks === '0' || now === startTicks;
}

function startTicksOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets, which may contain spaces and brackets.
    const [, rest] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return rest?.split(' ')[19];
  } catch {
    return undefined;
  }
}
