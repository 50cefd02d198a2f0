import type { TestStack } from './stack.ts';

interface HeldReply {
  readonly id: string;
  readonly target: string;
  readonly text: string;
}

interface EngineStats {
  readonly requests: number;
  readonly completed: number;
  readonly aborted: number;
  readonly concurrent: number;
  readonly connections: number;
  readonly openConnections: number;
  readonly tlsHandshakes: number;
  readonly http2Sessions: number;
  readonly http2StreamsAborted: number;
  /** Completed replies of each target. */
  readonly byTarget: Readonly<Record<string, { readonly completed: number }>>;
}

/** What goes wrong with the requests of a text or target, `times` times or until the engine is reset. */
type EngineFault = { readonly text?: string; readonly target?: string; readonly times?: number } & (
  { readonly status: number } | { readonly reply: string }
);

/** The local engine of a stack as a test steers it: replies are held back and let go. */
export interface EngineControl {
  hold(on: boolean): Promise<void>;
  /** What is held, as soon as it is so many replies. */
  held(atLeast?: number): Promise<readonly HeldReply[]>;
  release(which: { ids: readonly string[] } | { all: true }): Promise<void>;
  fail(fault: EngineFault): Promise<void>;
  /** Counts from nothing, holds nothing back, fails no more. */
  reset(): Promise<void>;
  stats(): Promise<EngineStats>;
  /** Resolves with the numbers as soon as they fit. */
  when(fits: (stats: EngineStats) => boolean): Promise<EngineStats>;
}

const lookEveryMs = 10;
const patienceMs = 15_000;

export function engineOf(stack: TestStack): EngineControl {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, stack.engine.url));
    if (!response.ok) throw new Error(`the engine answered ${path} with HTTP ${response.status}`);
    return response.json();
  };
  const stats = async (): Promise<EngineStats> => (await get('/debug/stats')) as EngineStats;
  return {
    hold: (on) => stack.tellEngine('/debug/hold', { on }),
    held: async (atLeast = 0) => {
      const path = `/debug/held?atLeast=${atLeast}&timeoutMs=${patienceMs}`;
      return ((await get(path)) as { held: HeldReply[] }).held;
    },
    release: (which) => stack.tellEngine('/debug/release', which),
    fail: (fault) => stack.tellEngine('/debug/fail', fault),
    reset: () => stack.tellEngine('/debug/reset', {}),
    stats,
    when: async (fits) => {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const now = await stats();
        if (fits(now)) return now;
        if (Date.now() > deadline) throw new Error(`the engine did not come so far: ${JSON.stringify(now)}`);
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
    },
  };
}

/** The value of one series on the metrics pages of all workers together. */
export async function workerMetric(stack: TestStack, series: string): Promise<number> {
  const pages = await Promise.all(stack.workers.map(async ({ url }) => (await fetch(new URL('/metrics', url))).text()));
  const values = pages.flatMap((page) => page.split('\n').filter((line) => line.startsWith(`${series} `)));
  return values.reduce((sum, line) => sum + Number(line.slice(series.length + 1)), 0);
}
