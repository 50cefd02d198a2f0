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
 * Node.js's defaults are made for one large process. V8 lets the young generation of each thread grow to 32 MB, and glibc
 * keeps up to eight heaps a core; docs/performance.md has what these bounds save and cost.
 */
const nodeFlags = ['--max-semi-space-size=4'];
const memoryEnvironment = { MALLOC_ARENA_MAX: '2' };

/**
 * Runs one Parley process, on the Node.js that this one runs on, until it says that it is ready.
 *
 * @throws ChildError
 */
export async function startProcess(options: ProcessOptions): Promise<Child<ProcessAddress>> {
  const { parameters, program = workspace.program, environment, ...rest } = options;
  return startChild({
    readyTimeoutMs,
    ...rest,
    environment: { ...memoryEnvironment, ...environment },
    command: [process.execPath, ...nodeFlags, '--import', workspace.leaveWithParent, program, ...parameters],
    parseReady: parseReadyLine,
    ipc: true,
  });
}
