import { startProcess as start, type Child, type ProcessAddress } from '@parley/cli';

interface TestProcessOptions {
  /** The command of `parley`, and the name in messages. */
  readonly name: string;
  /** What it gets beside PATH and HOME; nothing else of this process's environment reaches it. */
  readonly env: Readonly<Record<string, string>>;
  readonly parameters?: readonly string[];
}

/** A running `parley X`; `output` is everything that it has written. */
export interface TestProcess extends AsyncDisposable {
  readonly url: string;
  readonly child: Child<ProcessAddress>;
  output(): string;
}

/** Runs `parley X` as a process of its own, on free ports, until it says that it is ready; an error has its output. */
export async function startProcess({ name, env, parameters = [] }: TestProcessOptions): Promise<TestProcess> {
  const lines: string[] = [];
  const child = await start({
    name,
    parameters: [name, ...parameters],
    environment: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', HEALTH_PORT: '0', ...env },
    onLine: (line) => void lines.push(line),
  });
  return {
    url: child.ready.url,
    child,
    output: () => lines.join('\n'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
