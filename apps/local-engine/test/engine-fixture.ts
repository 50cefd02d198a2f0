import OpenAI from 'openai';
import { loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { startEngine } from '../src/index.ts';
import type { HeldReply } from '../src/gate.ts';
import type { StatsSnapshot } from '../src/stats.ts';

interface LogLine {
  readonly msg: string;
  readonly apyPid?: number;
}

/** An engine on a free port, with the official client for it. */
export interface EngineFixture extends AsyncDisposable {
  readonly client: OpenAI;
  readonly url: string;
  readonly logLines: readonly LogLine[];
  /** `method` is GET without a body and POST with one. */
  fetch(path: string, body?: unknown): Promise<Response>;
  /** What is held, as soon as it is at least `count`. */
  held(count: number): Promise<HeldReply[]>;
  stats(): Promise<StatsSnapshot>;
  /** The process of apertium-apy that was started last. */
  apyPid(): number;
  close(): Promise<void>;
}

/** @param environment variables in addition to free ports, marked text, and no latency */
export async function startEngineFixture(environment: Readonly<Record<string, string>> = {}): Promise<EngineFixture> {
  const logLines: LogLine[] = [];
  const config = loadConfig({ PORT: '0', METRICS_PORT: '0', ENGINE_TRANSLATIONS: 'marked', ...environment });
  const logger = createLogger({ LOG_LEVEL: 'debug' }, 'engine', {
    write: (line) => void logLines.push(JSON.parse(line) as LogLine),
  });
  const engine = await startEngine(config, logger);
  const client = new OpenAI({ baseURL: engine.url, apiKey: 'unused', maxRetries: 0 });
  const origin = new URL(engine.url).origin;
  const close = (): Promise<void> => engine.close();

  async function fetchPath(path: string, body?: unknown): Promise<Response> {
    if (body === undefined) return await fetch(`${origin}${path}`);
    return await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  return {
    client,
    url: engine.url,
    logLines,
    fetch: fetchPath,
    held: async (count) => {
      const answer = await fetchPath(`/debug/held?atLeast=${count}`);
      return ((await answer.json()) as { held: HeldReply[] }).held;
    },
    stats: async () => (await (await fetchPath('/debug/stats')).json()) as StatsSnapshot,
    apyPid: () => {
      const pid = logLines.findLast(({ apyPid }) => apyPid !== undefined)?.apyPid;
      if (pid === undefined) throw new Error('apertium-apy has not started yet');
      return pid;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A request as Parley's workers make it. */
export function chatRequest(text: string, source: string, target: string) {
  return {
    model: 'any',
    messages: [
      {
        role: 'system' as const,
        content: `Translate.\nSource language: one (${source})\nTarget language: other (${target})`,
      },
      { role: 'user' as const, content: text },
    ],
  };
}

/** Translates a text without streaming. */
export async function translate(
  { client }: Pick<EngineFixture, 'client'>,
  text: string,
  source: string,
  target: string,
): Promise<string | null | undefined> {
  const completion = await client.chat.completions.create(chatRequest(text, source, target));
  return completion.choices[0]?.message.content;
}
