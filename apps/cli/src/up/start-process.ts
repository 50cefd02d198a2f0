import { startChild, type Child, type ChildOptions } from '../machine/child.ts';
import { parseReadyLine } from './ready-line.ts';
import { workspace } from './workspace.ts';

/** What a Parley process tells when it is ready. */
export interface ProcessAddress {
  readonly url: string;
}

export interface ProcessOptions extends Pick<
  ChildOptions<ProcessAddress>,
  'name' | 'environment' | 'onLine' | 'signal'
> {
  /** The command of `parley` and its parameters, such as `['edge']`. */
  readonly parameters: readonly string[];
  /** The program to run instead of `parley`. */
  readonly program?: string;
  readonly readyTimeoutMs?: number;
}

const readyTimeoutMs = 30_000;

/**
 * Runs one Parley process, on the Node.js that this one runs on, until it says that it is ready.
 *
 * @throws ChildError
 */
export async function startProcess(options: ProcessOptions): Promise<Child<ProcessAddress>> {
  const { parameters, program = workspace.program, ...rest } = options;
  return startChild({
    readyTimeoutMs,
    ...rest,
    command: [process.execPath, '--import', workspace.leaveWithParent, program, ...parameters],
    parseReady: parseReadyLine,
    ipc: true,
  });
}
