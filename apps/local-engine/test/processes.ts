import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

function processes(): ProcessEntry[] {
  return listing()
    .filter(({ state }) => !state.startsWith('Z'))
    .map(({ pid, parent, group }) => ({ pid: Number(pid), parent: Number(parent), group: Number(group) }));
}

/** Uses /proc or ps: Linux without the package procps has no ps, and macOS has no /proc. */
function listing(): Record<'pid' | 'state' | 'parent' | 'group', string>[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-eo', 'pid=,stat=,ppid=,pgid=']).toString().trim().split('\n');
    return lines.map((line) => asEntry(line.trim().split(/\s+/)));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      // The name, in brackets before the state, may contain spaces and brackets. The process may exit meanwhile.
      const rest = /^.*\) (.*)$/s.exec(readIfThere(`/proc/${pid}/stat`))?.[1];
      return rest === undefined ? [] : [asEntry([pid, ...rest.split(' ')])];
    });
}

function asEntry([pid = '', state = '', parent = '', group = '']: string[]) {
  return { pid, state, parent, group };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Returns the process groups led by children of a process. */
export function childGroups(parent: number): number[] {
  return processes()
    .filter((entry) => entry.parent === parent && entry.pid === entry.group)
    .map(({ group }) => group);
}

/** Returns the live members of a process group. */
export function groupMembers(group: number): number[] {
  return processes()
    .filter((entry) => entry.group === group)
    .map(({ pid }) => pid);
}
