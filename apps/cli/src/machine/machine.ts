import { existsSync } from 'node:fs';

/** The machine as provisioning sees it, with the output for progress messages. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Whether systemd is the init system, so that installing a package starts and enables its service. */
  readonly hasSystemd: boolean;
  /** Prints one line of progress. */
  readonly say: (line: string) => void;
}

/** Returns the machine that this process runs on. Progress is printed on standard error. */
export function thisMachine(environment: Machine['environment']): Machine {
  return {
    platform: process.platform,
    environment,
    isRoot: process.getuid?.() === 0,
    hasSystemd: existsSync('/run/systemd/system'),
    say: (line) => process.stderr.write(`${line}\n`),
  };
}
