import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@parley/telemetry';
import {
  TranslatorUnavailableError,
  UnsupportedPairError,
  type LanguagePair,
  type Translator,
  type TranslatorRequest,
} from '../translator.ts';
import { ApyClient } from './apy-client.ts';
import { ApySupervisor } from './apy-supervisor.ts';
import type { ApertiumInstallation } from './installation.ts';
import { passagesOf } from './passages.ts';
import { RouteTable, type ApertiumPair } from './route.ts';
import { fromStream, toStream } from './stream-format.ts';

const model = 'apertium';
const listPairsTimeoutMs = 10_000;
/** How long a request waits while apertium-apy restarts. */
const restartTimeoutMs = 5000;
const attempts = 2;
/** Unused pipelines would otherwise add up to gigabytes. */
const defaultMaxIdleSeconds = 120;
/** A broken connection is noticed before the exit of its process. */
const retryPauseMs = 50;

/** Translates with a private apertium-apy process. */
export class ApertiumTranslator implements Translator {
  readonly model = model;
  readonly simulated = false;
  readonly usesPrevious = false;
  readonly languagePairs: readonly LanguagePair[];
  readonly #routes: RouteTable;
  readonly #supervisor: ApySupervisor;
  readonly #client: ApyClient;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    routes: RouteTable,
    supervisor: ApySupervisor,
    client: ApyClient,
    resources: AsyncDisposableStack,
  ) {
    this.languagePairs = routes.pairs;
    this.#routes = routes;
    this.#supervisor = supervisor;
    this.#client = client;
    this.#resources = resources;
  }

  /**
   * Starts apertium-apy and lists its pairs.
   *
   * @param maxIdleSeconds how long an unused pipeline is kept
   * @throws TranslatorUnavailableError; nothing is left running then
   */
  static async start(
    installation: ApertiumInstallation,
    logger: Logger,
    maxIdleSeconds = defaultMaxIdleSeconds,
  ): Promise<ApertiumTranslator> {
    await using starting = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'parley-apertium-'));
    starting.defer(() => rm(folder, { recursive: true, force: true }));
    const socketPath = join(folder, 'apy.sock');
    const modesPath = await writeModesWithoutMarks(installation, folder);
    // Leave one core to everything else.
    const pipesPerPair = Math.min(4, Math.max(1, availableParallelism() - 1));
    const supervisor = await ApySupervisor.start(
      { python: installation.python, socketPath, modesPath, pipesPerPair, maxIdleSeconds },
      logger,
    );
    starting.defer(() => supervisor.close());
    const client = new ApyClient(socketPath);
    starting.defer(() => client.close());
    const routes = new RouteTable(await client.listPairs(AbortSignal.timeout(listPairsTimeoutMs)));
    return new ApertiumTranslator(routes, supervisor, client, starting.move());
  }

  get ready(): boolean {
    return this.#supervisor.pid !== undefined;
  }

  async translate({ text, source, target, signal }: TranslatorRequest): Promise<string> {
    const route = this.#routes.find(source, target);
    if (route === undefined) throw new UnsupportedPairError([source, target], this.languagePairs);
    let translation = text;
    for (const pair of route) translation = await this.#translateText(translation, pair, signal);
    return translation;
  }

  async close(): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #translateText(text: string, pair: ApertiumPair, signal: AbortSignal): Promise<string> {
    let translation = '';
    for (const passage of passagesOf(text)) {
      const translated = passage.text === '' ? '' : await this.#translatePassage(passage.text, pair, signal);
      translation += `${passage.before}${translated}${passage.after}`;
    }
    return translation;
  }

  /** Retries once: apertium-apy replaces a broken pipeline, and its supervisor restarts apertium-apy. */
  async #translatePassage(text: string, pair: ApertiumPair, signal: AbortSignal): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#untilRunning(signal);
        return fromStream(await this.#client.translate(toStream(text), pair, signal)).trim();
      } catch (error) {
        if (attempt === attempts || !(error instanceof TranslatorUnavailableError)) throw error;
        await delay(retryPauseMs, undefined, { signal });
      }
    }
  }

  async #untilRunning(signal: AbortSignal): Promise<void> {
    if (this.ready) return;
    try {
      await this.#supervisor.untilRunning(AbortSignal.any([signal, AbortSignal.timeout(restartTimeoutMs)]));
    } catch (error) {
      signal.throwIfAborted();
      throw new TranslatorUnavailableError('apertium-apy is restarting', { cause: error });
    }
  }
}

/**
 * Copies the modes so that unknown words are not marked (`lt-proc -n`, as with `apertium -u`). apertium-apy requests marks
 * (`-g` for `$1`) and removes them with a pattern that also matches asterisks of the text.
 *
 * @returns the folder of the copies
 */
async function writeModesWithoutMarks(installation: ApertiumInstallation, folder: string): Promise<string> {
  const modesPath = join(folder, 'modes');
  await mkdir(modesPath);
  for (const mode of installation.modes) {
    const commands = await readFile(join(installation.modesPath, mode), 'utf8');
    await writeFile(join(modesPath, mode), commands.replaceAll('$1', '-n'));
  }
  return modesPath;
}
