import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, ProcessName } from '@parley/config';
import { takeDataFolder } from '../machine/data-folder.ts';
import type { Machine } from '../machine/machine.ts';
import { startPrivateRedis } from '../machine/private-redis.ts';
import { provideRedisServer } from '../machine/redis-server.ts';
import type { Child } from '../machine/child.ts';
import { chooseEdgePort } from './edge-port.ts';
import { chooseEngine, type EngineChoice } from './engine-choice.ts';
import { reachGivenRedis } from './given-redis.ts';
import { forgetEngineProfile, readEngineProfile } from './engine-profile.ts';
import { openLogFile } from './log-file.ts';
import { provideForUp } from './provide-for-up.ts';
import { processEnvironment, type Surroundings } from './process-environment.ts';
import { RunFile, type RunningProcess } from './run-file.ts';
import type { Running } from './screen.ts';
import { startProcess, type ProcessAddress } from './start-process.ts';
import { SupervisedProcess } from './supervised-process.ts';

export interface StackOptions {
  readonly config: Config;
  readonly machine: Machine;
  /** The folder for data, logs and the list of running processes. */
  readonly stateFolder: string;
  /** The program that runs one process. */
  readonly program: string;
  /** Gets the children's log lines instead of the log files. */
  readonly onLogLine: ((name: string, line: string) => void) | undefined;
  /** Stops the start, and restarts from then on. */
  readonly signal: AbortSignal;
  /** A process ended too often. */
  readonly onGivenUp: (error: Error) => void;
}

/** Everything that `parley up` runs, in the order in which it is started; released in the opposite one. */
export class Stack implements AsyncDisposable {
  readonly #options: StackOptions;
  readonly #release = new AsyncDisposableStack();
  readonly #runFile: RunFile;
  readonly #folder: string;
  #engine: EngineChoice = { kind: 'remote', description: '' };
  #profile: Running['profile'] = 'unknown';
  readonly #processes = new Map<string, RunningProcess>();

  /**
   * Starts Redis and that of the cache, the local engine, dashboard, worker and edge. The edge is last, so that nobody is let in before there
   * is somebody to translate, and the first to be stopped.
   *
   * @throws MissingProgramError, ChildError, PortTakenError, GivenRedisError; whatever had been started is stopped
   *   by then
   */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    try {
      await stack.#start();
      return stack;
    } catch (error) {
      await stack[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(options: StackOptions) {
    this.#options = options;
    this.#folder = this.#release.use(takeDataFolder(join(options.stateFolder, 'up'))).path;
    this.#runFile = this.#release.use(new RunFile(join(options.stateFolder, 'run')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release.disposeAsync();
  }

  /** What runs where, for the person at the terminal. */
  get running(): Running {
    const { config, onLogLine } = this.#options;
    return {
      pid: process.pid,
      processes: [...this.#processes.values()],
      engine: this.#engine,
      profile: this.#profile,
      needsKey: config.API_KEYS !== undefined,
      redisIsPrivate: config.REDIS_URL === undefined,
      logFolder: onLogLine === undefined ? join(this.#folder, 'logs') : undefined,
    };
  }

  async #start(): Promise<void> {
    const { config, machine, signal } = this.#options;
    const edgePort = await chooseEdgePort(config.PORT, config.HOST);
    await provideForUp(config, machine);
    signal.throwIfAborted();
    const engine = (this.#engine = await chooseEngine(config, machine));
    const redisUrl = await this.#startRedis();
    if (config.REDIS_URL === undefined) await forgetEngineProfile(redisUrl);
    const cacheRedisUrl = await this.#startCache(redisUrl);
    const withoutEngine: Surroundings = { redisUrl, cacheRedisUrl, engineUrl: undefined };
    signal.throwIfAborted();
    const engineUrl = engine.kind === 'remote' ? undefined : await this.#startEngine(engine, withoutEngine);
    const surroundings = { ...withoutEngine, engineUrl };
    await this.#startBehindTheEdge(surroundings);
    await this.#startEdge(edgePort, surroundings);
    this.#profile = await readEngineProfile(redisUrl);
  }

  async #startRedis(): Promise<string> {
    const { config, signal } = this.#options;
    if (config.REDIS_URL === undefined) return this.#startPrivateRedis('redis');
    await reachGivenRedis('REDIS_URL', config.REDIS_URL);
    signal.throwIfAborted();
    this.#processes.set('redis', { name: 'redis', pid: 0, url: config.REDIS_URL });
    return config.REDIS_URL;
  }

  /** The Redis of the cache: the one that is named, a second private one beside a private one, else the one of the rest. */
  async #startCache(redisUrl: string): Promise<string> {
    const { config, signal } = this.#options;
    if (config.CACHE_REDIS_URL !== undefined) {
      await reachGivenRedis('CACHE_REDIS_URL', config.CACHE_REDIS_URL);
      signal.throwIfAborted();
      return config.CACHE_REDIS_URL;
    }
    const isNeeded = config.CACHE || config.SINGLEFLIGHT;
    return isNeeded && config.REDIS_URL === undefined ? this.#startPrivateRedis('cache') : redisUrl;
  }

  async #startPrivateRedis(name: 'redis' | 'cache'): Promise<string> {
    const { machine, signal } = this.#options;
    const program = await provideRedisServer(machine);
    signal.throwIfAborted();
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    const purpose = name === 'cache' ? 'cache' : 'sessions';
    const onLine = this.#logLines(name);
    const redis = await this.#supervise(name, (previous?: { url: string; port: number }) =>
      startPrivateRedis({ purpose, program, folder, port: previous?.port, onLine, signal }),
    );
    this.#release.use(redis);
    return redis.ready.url;
  }

  async #startEngine(engine: EngineChoice, surroundings: Surroundings): Promise<string> {
    const process = await this.#startProcess('engine', 0, surroundings, { ENGINE_TRANSLATIONS: engine.kind });
    this.#release.use(process);
    return process.ready.url;
  }

  /** Dashboard and worker, side by side. */
  async #startBehindTheEdge(surroundings: Surroundings): Promise<void> {
    const isInline = this.#options.config.WORKERS === 'inline';
    const started = await Promise.allSettled([
      this.#startProcess('dashboard', 0, surroundings),
      ...(isInline ? [] : [this.#startProcess('worker', 0, surroundings)]),
    ]);
    for (const outcome of started) if (outcome.status === 'fulfilled') this.#release.use(outcome.value);
    for (const outcome of started) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #startEdge(port: number, surroundings: Surroundings): Promise<void> {
    const { config } = this.#options;
    try {
      this.#release.use(await this.#startProcess('edge', port, surroundings));
    } catch (error) {
      // Somebody else may have taken the usual port since.
      const other = await chooseEdgePort(config.PORT, config.HOST);
      if (other === port) throw error;
      this.#release.use(await this.#startProcess('edge', other, surroundings));
    }
  }

  async #startProcess(
    name: Exclude<ProcessName, 'up'>,
    port: number,
    surroundings: Surroundings,
    more: Readonly<Record<string, string>> = {},
  ): Promise<SupervisedProcess<ProcessAddress>> {
    const { machine, program, signal } = this.#options;
    const onLine = this.#logLines(name);
    return this.#supervise(name, (previous) => {
      const samePort = previous === undefined ? port : Number(new URL(previous.url).port);
      const environment = { ...processEnvironment(name, samePort, machine.environment, surroundings), ...more };
      return startProcess({ name, parameters: [name], program, environment, onLine, signal });
    });
  }

  async #supervise<Address extends ProcessAddress>(
    name: string,
    start: (previous: Address | undefined) => Promise<Child<Address>>,
  ): Promise<SupervisedProcess<Address>> {
    const { config, machine, signal, onGivenUp } = this.#options;
    return SupervisedProcess.start<Address>({
      name,
      start,
      signal,
      // A little longer than the process gives itself.
      stopTimeoutMs: config.SHUTDOWN_TIMEOUT_MS + 2000,
      say: machine.say,
      onStarted: ({ pid, ready: { url } }) => {
        this.#processes.set(name, { name, pid, url });
        this.#runFile.set({ name, pid, url });
      },
      onGivenUp,
    });
  }

  #logLines(name: string): (line: string) => void {
    const { onLogLine } = this.#options;
    if (onLogLine !== undefined) return (line) => onLogLine(name, line);
    const file = this.#release.use(openLogFile(join(this.#folder, 'logs'), name));
    return (line) => file.write(line);
  }
}
