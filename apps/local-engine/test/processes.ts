import { execFileSync } from 'node:child_process';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

function processes(): ProcessEntry[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,ppid=,pgid=,stat=']).toString();
  return listing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state = '']) => !state.startsWith('Z'))
    .map(([pid, parent, group]) => ({ pid: Number(pid), parent: Number(parent), group: Number(group) }));
}

/** The process groups that a process has started: those of its children that lead one. */
export function childGroups(parent: number): number[] {
  return processes()
    .filter((entry) => entry.parent === parent && entry.pid === entry.group)
    .map(({ group }) => group);
}

/** The living members of a process group. */
export function groupMembers(group: number): number[] {
  return processes()
    .filter((entry) => entry.group === group)
    .map(({ pid }) => pid);
}
