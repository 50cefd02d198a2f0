import { fileURLToPath } from 'node:url';
import { startProcess as startChild } from '@parley/cli';
import { streamPath } from '@parley/protocol';
import { engineAt, startProcess } from '../../harness/index.ts';
import type { RunningPipeline } from '../pipeline/running-pipeline.ts';

/** The servers that Parley is compared with. */
export type PeerName = 'naive' | 'careful';

/**
 * Starts a peer with a local engine like that of a pipeline.
 *
 * @param engineEnv additional variables for the engine
 */
export async function startPeer(
  name: PeerName,
  signal: AbortSignal,
  engineEnv: Readonly<Record<string, string>> = {},
): Promise<RunningPipeline> {
  await using resources = new AsyncDisposableStack();
  const env = { ENGINE_TRANSLATIONS: 'marked', ENGINE_LATENCY: 'fast', ...engineEnv };
  const engine = resources.use(await startProcess({ name: 'engine', env }));
  const { PATH, HOME } = process.env;
  const peer = resources.use(
    await startChild({
      name,
      parameters: [],
      program: fileURLToPath(new URL(`${name}-server.ts`, import.meta.url)),
      environment: { PATH, HOME, OPENAI_BASE_URL: new URL('/v1', engine.url).href },
      signal,
    }),
  );
  const owned = resources.move();
  return {
    processes: [
      { name: 'engine', pid: engine.child.pid, url: engine.url },
      { name, pid: peer.pid, url: peer.ready.url },
    ],
    streamUrl: `ws://${new URL(peer.ready.url).host}${streamPath}`,
    engineStats: () => engineAt(engine.url).stats(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
