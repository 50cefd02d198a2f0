import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const parley = fileURLToPath(new URL('../../../apps/cli/bin/parley.js', import.meta.url));

interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
}

/** `parley up` with a local engine that returns marked text. */
export interface RunningPipeline extends AsyncDisposable {
  /** Its processes, without `up` itself. */
  readonly processes: readonly StartedProcess[];
  readonly streamUrl: string;
  /** Returns the counts of the local engine since its start. */
  engineStats(): Promise<EngineStats>;
}

export interface EngineStats {
  readonly requests: number;
  readonly aborted: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Starts a pipeline; disposal stops all its processes. */
export async function startPipeline(
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RunningPipeline> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [parley, 'up'], {
    cwd: root,
    env: { PATH, HOME, PORT: '0', ENGINE_TRANSLATIONS: 'marked', ENGINE_LATENCY: 'fast', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  try {
    const screen = await readScreen(child.stdout, signal);
    const pid = /^ {2}Processes .*\bup (\d+)/m.exec(screen)?.[1] ?? '';
    const { processes } = JSON.parse(readFileSync(`${root}.parley/run/${pid}.json`, 'utf8')) as {
      readonly processes: readonly StartedProcess[];
    };
    const urlOf = (name: string): string => processes.find((entry) => entry.name === name)?.url ?? '';
    return {
      processes: processes.filter((entry) => entry.pid > 0),
      streamUrl: `ws://${new URL(urlOf('edge')).host}/v1/stream`,
      engineStats: async () => {
        const response = await fetch(new URL('/debug/stats', urlOf('engine')), { signal });
        return (await response.json()) as EngineStats;
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readScreen(output: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  let screen = '';
  for await (const line of createInterface({ input: output, signal })) {
    screen += `${line}\n`;
    if (line.includes('Stop it with Ctrl-C')) {
      output.resume();
      return screen;
    }
  }
  throw new Error(`parley up ended before it ran:\n${screen}`);
}
