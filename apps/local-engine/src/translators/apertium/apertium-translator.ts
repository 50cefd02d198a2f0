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
/** How long a request waits for an apertium-apy that is being started again. */
const restartPatienceMs = 5000;
const attempts = 2;
/** Pipelines of languages that nobody speaks any more would otherwise add up to gigabytes. */
const defaultMaxIdleSeconds = 120;
/** A connection that breaks is seen before the end of the process behind it. */
const retryPauseMs = 50;

/** Translates with an apertium-apy of its own. */
export class ApertiumTranslator implements Translator {
  readonly model = model;
  readonly simulated = false;
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
   * Starts apertium-apy and asks for its pairs.
   *
   * @param maxIdleSeconds how long the pipeline of a pair is kept when it isn't used
   * @throws TranslatorUnavailableError; then nothing is left running
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
    const modesPath = await writeMarkFreeModes(installation, folder);
    // One core is left to everything else.
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

  /** A pipeline that breaks is replaced by apertium-apy, and that by its supervisor: the second attempt finds a new one. */
  async #translatePassage(text: string, pair: ApertiumPair, signal: AbortSignal): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#whenUp(signal);
        return fromStream(await this.#client.translate(toStream(text), pair, signal)).trim();
      } catch (error) {
        if (attempt === attempts || !(error instanceof TranslatorUnavailableError)) throw error;
        await delay(retryPauseMs, undefined, { signal });
      }
    }
  }

  async #whenUp(signal: AbortSignal): Promise<void> {
    if (this.ready) return;
    try {
      await this.#supervisor.whenUp(AbortSignal.any([signal, AbortSignal.timeout(restartPatienceMs)]));
    } catch (error) {
      signal.throwIfAborted();
      throw new TranslatorUnavailableError('apertium-apy is being started again', { cause: error });
    }
  }
}

/**
 * Copies the modes so that unknown words come without marks (`lt-proc -n`, what `apertium -u` does). apertium-apy asks
 * for the marks (`-g` for `$1`) and takes them out by a pattern that also hits the text's own asterisks.
 *
 * @returns the folder of the copies
 */
async function writeMarkFreeModes(installation: ApertiumInstallation, folder: string): Promise<string> {
  const modesPath = join(folder, 'modes');
  await mkdir(modesPath);
  for (const mode of installation.modes) {
    const commands = await readFile(join(installation.modesPath, mode), 'utf8');
    await writeFile(join(modesPath, mode), commands.replaceAll('$1', '-n'));
  }
  return modesPath;
}
