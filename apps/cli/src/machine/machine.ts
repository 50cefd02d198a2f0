import { existsSync } from 'node:fs';

/** What provisioning may know of the machine, and how it speaks to the person who waits. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** systemd runs as the init system, so a package's service would be started and enabled. */
  readonly hasSystemd: boolean;
  /** Shows one line of progress. */
  readonly say: (line: string) => void;
}

/** The machine that this process runs on; progress goes to standard error. */
export function thisMachine(environment: Machine['environment']): Machine {
  return {
    platform: process.platform,
    environment,
    isRoot: process.getuid?.() === 0,
    hasSystemd: existsSync('/run/systemd/system'),
    say: (line) => process.stderr.write(`${line}\n`),
  };
}
