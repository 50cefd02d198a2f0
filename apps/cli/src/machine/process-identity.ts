import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that got the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot as in proc_pid_stat(5), field 22; `0` where the system doesn't tell. */
  readonly startTicks: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTicks: startTicksOf(pid) ?? '0' };
}

/** Whether that very process still runs. */
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
    // The second field is the program's name in brackets, which may hold spaces and brackets.
    const [, rest] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return rest?.split(' ')[19];
  } catch {
    return undefined;
  }
}
