import { engineEndpoints, loadConfig, type Config, type EngineEndpoint } from '@parley/config';
import type { Engine, TranslationRequest } from '@parley/translation';
import { CommandFailure } from '../exit-code.ts';
import { ChildError } from '../machine/child.ts';
import type { Machine } from '../machine/machine.ts';
import { chooseEngine, type EngineChoice } from '../up/engine-choice.ts';
import { startProcess } from '../up/start-process.ts';

/** The engine that a measurement uses. */
export interface QualityEngine extends AsyncDisposable {
  readonly description: string;
  readonly engines: Readonly<Record<TranslationRequest['kind'], Engine>>;
  /** Whether its translations depend on the text that was shown before. */
  readonly usesPrevious: boolean;
}

/**
 * Opens the configured engine, of several endpoints the first one for each kind of text. If none is configured, the local
 * engine is started on a free port of this machine, and stopped when the engine is disposed of.
 *
 * @throws ConfigError; CommandFailure if the local engine can't be started
 */
export async function openQualityEngine(machine: Machine, signal: AbortSignal): Promise<QualityEngine> {
  await using opened = new AsyncDisposableStack();
  const config = loadConfig(machine.environment);
  const choice = await chooseEngine(config, machine);
  const configured = choice.kind === 'remote' ? config : await startLocalEngine(choice, machine, signal, opened);
  const endpoints = engineEndpoints(configured);
  const engines = {
    partial: await openEndpoint(endpoints, 'partial', configured, opened),
    final: await openEndpoint(endpoints, 'final', configured, opened),
  };
  const release = opened.move();
  return {
    description: describe(choice),
    engines,
    usesPrevious: choice.kind === 'remote' || choice.kind === 'paraphrased',
    [Symbol.asyncDispose]: () => release.disposeAsync(),
  };
}

/** Starts the local engine, and returns the configuration for using it. */
async function startLocalEngine(
  { kind }: EngineChoice,
  { environment, say }: Machine,
  signal: AbortSignal,
  opened: AsyncDisposableStack,
): Promise<Config> {
  if (kind === 'marked' && environment.ENGINE_TRANSLATIONS !== 'marked') {
    say('Apertium is missing, so placeholder text is measured, which changes only as much as its source.');
  }
  try {
    const engine = await startProcess({
      name: 'engine',
      parameters: ['engine'],
      environment: {
        ...environment,
        HOST: '127.0.0.1',
        PORT: '0',
        ENGINE_TLS_PORT: undefined,
        ENGINE_TRANSLATIONS: kind,
        LOG_LEVEL: 'info',
      },
      signal,
    });
    opened.use(engine);
    return loadConfig({ ...environment, OPENAI_BASE_URL: new URL('/v1', engine.ready.url).href });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ChildError) throw new CommandFailure(error.message, undefined, { cause: error });
    throw error;
  }
}

async function openEndpoint(
  endpoints: readonly EngineEndpoint[],
  kind: TranslationRequest['kind'],
  config: Config,
  opened: AsyncDisposableStack,
): Promise<Engine> {
  const [{ createEngine }, { endpointOptions }] = await Promise.all([
    import('@parley/engines'),
    import('@parley/worker'),
  ]);
  const entry = endpoints.find((endpoint) => endpoint.for === 'both' || endpoint.for === kind);
  if (entry === undefined) throw new CommandFailure(`ENGINES has no endpoint for ${kind}s`);
  return opened.adopt(await createEngine(entry, endpointOptions(config, entry)), (engine) => engine.close());
}

function describe(choice: EngineChoice): string {
  if (choice.kind === 'remote') return choice.description;
  return choice.kind === 'apertium' ? 'Apertium' : `the local engine's ${choice.kind} text`;
}
