import { startProcess as start, type Child, type ProcessAddress } from '@parley/cli';

interface TestProcessOptions {
  /** The subcommand of `parley`, and the name in messages. */
  readonly name: string;
  /** Its whole environment except PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  readonly parameters?: readonly string[];
  /** The `parley.js` of another version. */
  readonly program?: string;
}

/** A running `parley X`; `output` returns everything it has written. */
export interface TestProcess extends AsyncDisposable {
  readonly url: string;
  /** Of its metrics; '' if it has none. */
  readonly metricsUrl: string;
  readonly child: Child<ProcessAddress>;
  output(): string;
}

/** Starts `parley X` on free ports and resolves when it is ready; an error contains its output. */
export async function startProcess({
  name,
  env,
  parameters = [],
  ...version
}: TestProcessOptions): Promise<TestProcess> {
  const lines: string[] = [];
  const child = await start({
    name,
    parameters: [name, ...parameters],
    environment: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      HEALTH_PORT: '0',
      METRICS_PORT: '0',
      ...env,
    },
    onLine: (line) => void lines.push(line),
    ...version,
  });
  return {
    url: child.ready.url,
    metricsUrl: child.ready.metricsUrl ?? '',
    child,
    output: () => lines.join('\n'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
