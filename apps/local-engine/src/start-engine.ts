import type { Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';
import type { FastifyInstance } from 'fastify';
import { Faults } from './faults/faults.ts';
import { Gate } from './gate.ts';
import { latencyModel } from './latency.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import { seededRandom } from './seeded-random.ts';
import { createServer } from './server.ts';
import { EngineStats } from './stats.ts';
import { chooseTranslator } from './translators/choose-translator.ts';

const defaultPort = 8788;

/** What a server listens on to be reached at every address, and the loopback address among them. */
const everyAddress = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** The variables that the engine reads. */
type EngineConfig = Pick<
  Config,
  | 'HOST'
  | 'PORT'
  | 'ENGINE_TRANSLATIONS'
  | 'ENGINE_LATENCY'
  | 'ENGINE_SEED'
  | 'ENGINE_FAULTS'
  | 'ENGINE_RPM'
  | 'ENGINE_TPM'
  | 'ENGINE_LIMITER'
  | 'ENGINE_BURST_MS'
  | 'SHUTDOWN_TIMEOUT_MS'
>;

/** A local engine that is listening. */
interface RunningEngine {
  /** The base URL for OpenAI clients, ending in `/v1`. */
  readonly url: string;
  /**
   * Takes no more requests, lets held replies go, finishes what is under way within `SHUTDOWN_TIMEOUT_MS`, cuts off the
   * rest, and ends Apertium's processes. Every call gives the same promise.
   */
  close(): Promise<void>;
}

/**
 * Starts the OpenAI-compatible local engine.
 *
 * @throws TranslatorUnavailableError where Apertium is asked for and can't be had; the error of `listen` where the
 *   port is taken. Then nothing is left running.
 */
export async function startEngine(config: EngineConfig, logger: Logger): Promise<RunningEngine> {
  await using starting = new AsyncDisposableStack();
  const translator = await chooseTranslator(config.ENGINE_TRANSLATIONS, {
    path: process.env.PATH ?? '',
    random: seededRandom(config.ENGINE_SEED + 2),
    logger,
  });
  starting.defer(() => translator.close());
  const gate = new Gate();
  const stats = new EngineStats();
  const drawTiming = latencyModel(config.ENGINE_LATENCY, seededRandom(config.ENGINE_SEED));
  const limiter = createLimiter(config);
  // Seeds of their own: latencies are the same with and without faults.
  const faults = new Faults(config.ENGINE_FAULTS, seededRandom(config.ENGINE_SEED + 1));
  const app = createServer({ translator, drawTiming, limiter, gate, faults, stats, logger });
  starting.defer(() => closeServer(app, gate, config.SHUTDOWN_TIMEOUT_MS));
  await app.listen({ host: config.HOST, port: config.PORT ?? defaultPort });

  const { model, simulated, languagePairs } = translator;
  logger.info({ model, simulated, languagePairs: languagePairs?.length ?? 'any' }, 'the translator is chosen');
  const running = starting.move();
  let closing: Promise<void> | undefined;
  return { url: baseUrl(app), close: () => (closing ??= running.disposeAsync()) };
}

function createLimiter(config: EngineConfig): RateLimiter {
  return new RateLimiter({
    rpm: config.ENGINE_RPM,
    tpm: config.ENGINE_TPM,
    limiter: config.ENGINE_LIMITER,
    windowMs: 60_000,
    burstMs: config.ENGINE_BURST_MS,
    retryHint: 'both',
  });
}

async function closeServer(app: FastifyInstance, gate: Gate, timeoutMs: number): Promise<void> {
  gate.open();
  const cutOff = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
}

/** The address that clients on this machine reach the server at. */
function baseUrl(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening on a port');
  const host = everyAddress.get(address.address) ?? address.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/v1`;
}
