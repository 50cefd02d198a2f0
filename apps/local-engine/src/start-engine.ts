import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Config } from '@parley/config';
import { createLocalEngineMetrics, createProcessRegistry, startMetricsServer, type Logger } from '@parley/telemetry';
import { createCertificate } from './certificate.ts';
import type { TlsAccess } from './engine-parts.ts';
import { Connections } from './faults/connections.ts';
import { Faults } from './faults/faults.ts';
import { Gate } from './gate.ts';
import { latencyModel } from './latency.ts';
import { OpenConnections } from './open-connections.ts';
import { RateLimiter } from './rate-limit/rate-limiter.ts';
import { seededRandom } from './seeded-random.ts';
import { createServer } from './server.ts';
import { EngineStats } from './stats.ts';
import { createTlsServer } from './tls-server.ts';
import { chooseTranslator } from './translators/choose-translator.ts';

const defaultPort = 8788;

/** Wildcard addresses, with the loopback address that they include. */
const wildcardAddresses = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

type EngineConfig = Pick<
  Config,
  | 'HOST'
  | 'PORT'
  | 'METRICS_HOST'
  | 'METRICS_PORT'
  | 'ENGINE_TLS_PORT'
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

interface RunningEngine {
  /** The base URL for OpenAI clients, ending in `/v1`. */
  readonly url: string;
  readonly metricsUrl: string;
  /** The base URL and certificate for TLS, if the engine listens there. */
  readonly tls: TlsAccess | undefined;
  /**
   * Accepts no more requests, releases held replies, finishes requests within `SHUTDOWN_TIMEOUT_MS`, aborts the rest, and
   * stops Apertium's processes. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Starts the OpenAI-compatible local engine.
 *
 * @throws TranslatorUnavailableError if Apertium was requested and is unavailable; the error of `listen` if the port is in
 *   use. Nothing is left running then.
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
  // Separate seeds, so that latencies are the same with and without faults.
  const faults = new Faults(config.ENGINE_FAULTS, seededRandom(config.ENGINE_SEED + 1));
  const faultConnections = new Connections();
  let tls: TlsAccess | undefined;
  const app = createServer({
    translator,
    drawTiming,
    limiter,
    gate,
    faults,
    connections: faultConnections,
    stats,
    logger,
    getTlsAccess: () => tls,
  });
  const connections = new OpenConnections(stats);
  connections.watch(app.server);
  const closings: (() => Promise<unknown>)[] = [() => app.close()];
  starting.defer(async () => {
    gate.open();
    connections.endIdle();
    const cutOff = setTimeout(() => connections.destroy(), config.SHUTDOWN_TIMEOUT_MS);
    await Promise.all(closings.map((close) => close())).finally(() => clearTimeout(cutOff));
  });
  await app.listen({ host: config.HOST, port: config.PORT ?? defaultPort });
  const registry = createProcessRegistry();
  createLocalEngineMetrics(registry, () => stats.snapshot());
  const { metricsUrl } = starting.adopt(
    await startMetricsServer({ process: 'engine', config, metrics: () => registry.metrics(), logger }),
    (server) => server.close(),
  );

  if (config.ENGINE_TLS_PORT !== undefined) {
    const certificate = await createCertificate();
    const server = createTlsServer(app, certificate);
    connections.watchTls(server);
    faultConnections.watch(server);
    server.listen({ host: config.HOST, port: config.ENGINE_TLS_PORT });
    await once(server, 'listening');
    closings.push(() => promisify(server.close.bind(server))());
    tls = { url: baseUrl('https', server.address()), certificate: certificate.certificate };
    logger.info({ url: tls.url }, 'listening over TLS');
  }

  const { model, simulated, languagePairs } = translator;
  logger.info({ model, simulated, languagePairs: languagePairs?.length ?? 'any' }, 'translator selected');
  const running = starting.move();
  let closing: Promise<void> | undefined;
  const url = baseUrl('http', app.server.address());
  return { url, metricsUrl, tls, close: () => (closing ??= running.disposeAsync()) };
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

/** Returns the base URL for clients on this machine. */
function baseUrl(scheme: 'http' | 'https', listening: AddressInfo | string | null): string {
  if (listening === null || typeof listening === 'string') throw new Error('the server is not listening on a port');
  const host = wildcardAddresses.get(listening.address) ?? listening.address;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${listening.port}/v1`;
}
