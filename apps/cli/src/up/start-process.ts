import { startChild, type Child, type ChildOptions } from '../machine/child.ts';
import { parseReadyLine, type ProcessAddress } from './ready-line.ts';
import { workspace } from './workspace.ts';

export interface ProcessOptions extends Pick<
  ChildOptions<ProcessAddress>,
  'name' | 'environment' | 'onLine' | 'signal'
> {
  /** The subcommand and its parameters, such as `['edge']`. */
  readonly parameters: readonly string[];
  /** The script to run instead of `parley`. */
  readonly program?: string;
  readonly readyTimeoutMs?: number;
}

const readyTimeoutMs = 30_000;

/**
 * Node.js's defaults suit one large process: V8 lets the young generation of each thread grow to 32 MB, and glibc keeps up
 * to eight heaps per core. Buffers of what clients send, allocated from these heaps, would leave gaps that are never given back,
 * so those of 16 KiB and more are mapped by themselves. docs/performance.md reports what these limits save and cost.
 */
const nodeFlags = ['--max-semi-space-size=8'];
const memoryEnvironment = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '16384' };

/**
 * Starts one Parley process with the current Node.js, and resolves when it is ready.
 *
 * @throws ChildError
 */
export async function startProcess(options: ProcessOptions): Promise<Child<ProcessAddress>> {
  const { parameters, program = workspace.program, environment, ...rest } = options;
  return startChild({
    readyTimeoutMs,
    ...rest,
    environment: { ...memoryEnvironment, ...environment },
    command: [process.execPath, ...nodeFlags, '--import', workspace.exitWithParent, program, ...parameters],
    parseReady: parseReadyLine,
    ipc: true,
  });
}
