import type { EngineFaultEffect } from '@parley/config';
import type { TestProcess } from './process.ts';
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
  /** Requests that the limits refused. */
  readonly rateLimited: number;
  /** Tokens of completed replies. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly connections: number;
  readonly openConnections: number;
  readonly tlsHandshakes: number;
  readonly http2Sessions: number;
  readonly http2StreamsAborted: number;
  /** Completed replies of each target. */
  readonly byTarget: Readonly<Record<string, { readonly completed: number }>>;
}

/** A fault for the requests of a text or target, or a share of them, `times` times or until the engine is reset. */
type EngineFault = {
  readonly text?: string;
  readonly target?: string;
  readonly times?: number;
  readonly share?: number;
} & EngineFaultEffect;

/** The rate limits of the engine per minute; `null` removes a limit, absent settings are kept. */
interface EngineLimits {
  readonly rpm?: number | null;
  readonly tpm?: number | null;
  readonly limiter?: 'bucket' | 'sliding';
  readonly windowMs?: number;
  readonly burstMs?: number;
  readonly retryHint?: 'both' | 'seconds' | 'milliseconds' | 'text';
}

/** Controls the local engine of a stack: replies are held and released. */
export interface EngineControl {
  hold(on: boolean): Promise<void>;
  /** Returns the held replies as soon as there are at least `atLeast`. */
  held(atLeast?: number): Promise<readonly HeldReply[]>;
  release(which: { ids: readonly string[] } | { all: true }): Promise<void>;
  fail(fault: EngineFault): Promise<void>;
  limit(limits: EngineLimits): Promise<void>;
  /** Clears the counts, releases replies, and restores the initial faults and limits. */
  reset(): Promise<void>;
  stats(): Promise<EngineStats>;
  /** Resolves with the statistics as soon as they match. */
  when(fits: (stats: EngineStats) => boolean): Promise<EngineStats>;
}

const pollIntervalMs = 10;
const pollTimeoutMs = 15_000;

export function engineOf(stack: TestStack): EngineControl {
  return engineAt(stack.engine.url);
}

/** The same for a local engine outside of a stack. */
export function engineAt(url: string): EngineControl {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, url));
    if (!response.ok) throw new Error(`the engine answered ${path} with HTTP ${response.status}`);
    return response.json();
  };
  const tell = async (path: string, order: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(order) });
    if (!response.ok) throw new Error(`the engine refused ${path}: HTTP ${response.status}`);
  };
  const stats = async (): Promise<EngineStats> => (await get('/debug/stats')) as EngineStats;
  return {
    hold: (on) => tell('/debug/hold', { on }),
    held: async (atLeast = 0) => {
      const path = `/debug/held?atLeast=${atLeast}&timeoutMs=${pollTimeoutMs}`;
      return ((await get(path)) as { held: HeldReply[] }).held;
    },
    release: (which) => tell('/debug/release', which),
    limit: (limits) => tell('/debug/limit', limits),
    fail: (fault) => tell('/debug/fail', fault),
    reset: () => tell('/debug/reset', {}),
    stats,
    when: async (fits) => {
      const deadline = Date.now() + pollTimeoutMs;
      for (;;) {
        const now = await stats();
        if (fits(now)) return now;
        if (Date.now() > deadline)
          throw new Error(`the engine statistics did not match in time: ${JSON.stringify(now)}`);
        await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
      }
    },
  };
}

/** Returns the sum of a series over the metrics pages of all workers. */
export async function workerMetric(stack: TestStack, series: string): Promise<number> {
  const pages = await Promise.all(workerMetricsUrls(stack).map(metricsPage));
  const values = pages.flatMap((page) => page.split('\n').filter((line) => line.startsWith(`${series} `)));
  return values.reduce((sum, line) => sum + Number(line.slice(series.length + 1)), 0);
}

/** Returns the metrics label of the endpoint of this stack's engine. */
export function endpointLabel({ engineAccess }: TestStack): string {
  return `endpoint="${new URL(engineAccess.OPENAI_BASE_URL ?? '').host} gpt-4.1-mini"`;
}

/** Returns the metrics pages of all edges and workers in Prometheus' text format. */
export async function metricsPages(stack: TestStack): Promise<string[]> {
  return await Promise.all(
    [...stack.edges.map(({ metricsUrl }) => metricsUrl), ...workerMetricsUrls(stack)].map(metricsPage),
  );
}

async function metricsPage(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

function workerMetricsUrls({ workers, edges }: TestStack): string[] {
  return [...workers.map(({ metricsUrl }) => metricsUrl), ...edges.flatMap(inlineWorkerMetricsUrl)];
}

/** Returns the URL of the metrics of an edge's inline worker (`WORKERS=inline`) from its log. */
function inlineWorkerMetricsUrl(edge: TestProcess): string[] {
  const [, url] = /"metricsUrl":"([^"]+)","msg":"inline worker started/.exec(edge.output()) ?? [];
  return url === undefined ? [] : [url];
}
