import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRedisServers, redisServers, redisVariable, type Config, type ProcessName } from '@parley/config';
import { describeServers } from '@parley/redis/connection';
import { claimDataFolder } from '../machine/data-folder.ts';
import type { Machine } from '../machine/machine.ts';
import { startPrivateRedis } from '../machine/private-redis.ts';
import { ensureRedisServer } from '../machine/redis-server.ts';
import type { Child } from '../machine/child.ts';
import { chooseDashboardPort, defaultDashboardPort } from './dashboard-port.ts';
import { chooseEdgePort } from './edge-port.ts';
import { chooseEngine, type EngineChoice } from './engine-choice.ts';
import { checkExternalRedis } from './external-redis.ts';
import { saysPortInUse } from './free-port.ts';
import { forgetEngineProfile, readEngineProfile } from './engine-profile.ts';
import { readOrCreateKey } from './kept-key.ts';
import type { LanAccess } from './lan-access.ts';
import { openLogFile } from './log-file.ts';
import { ensureUpPrograms } from './ensure-up-programs.ts';
import { processEnvironment, type StackAddresses } from './process-environment.ts';
import { RunFile, type RunningProcess } from './run-file.ts';
import type { Running } from './screen.ts';
import { requestSpeakToken, type SpeakToken } from './speak-token.ts';
import type { ProcessAddress } from './ready-line.ts';
import { startProcess } from './start-process.ts';
import { SupervisedProcess } from './supervised-process.ts';

export interface StackOptions {
  readonly config: Config;
  readonly machine: Machine;
  readonly stateFolder: string;
  /** Lets other devices in the local network connect. */
  readonly lan?: LanAccess | undefined;
  /** The script that runs one process. */
  readonly program: string;
  /** Called with the log lines of the processes; if `undefined`, they are written to files. */
  readonly onLogLine: ((name: string, line: string) => void) | undefined;
  /** Aborts the start, and prevents restarts. */
  readonly signal: AbortSignal;
  /** Called when a process has exited too often to be restarted. */
  readonly onRestartLimit: (error: Error) => void;
}

/** The dashboard is for this machine only. */
const dashboardHost = '127.0.0.1';

/** All processes of `parley up`, stopped in the reverse of their start order. */
export class Stack implements AsyncDisposable {
  readonly #options: StackOptions;
  readonly #release = new AsyncDisposableStack();
  readonly #runFile: RunFile;
  readonly #folder: string;
  #engine: EngineChoice = { kind: 'remote', description: '' };
  #profile: Running['profile'] = 'unknown';
  #speakToken: SpeakToken | undefined;
  readonly #processes = new Map<string, RunningProcess>();
  readonly #lanKey: string | undefined;
  /** The dashboard's key if it needs one and none is configured. */
  readonly #dashboardKey: string | undefined;

  /**
   * Starts Redis, the cache's Redis, the local engine, dashboard, worker and edge. The edge starts last and stops first, so
   * that no client connects while there is no worker.
   *
   * @throws MissingProgramError, ChildError, PortTakenError, ExternalRedisError; all processes are stopped by then
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
    const needsLanKey = options.lan !== undefined && options.config.API_KEYS === undefined;
    this.#lanKey = needsLanKey ? readOrCreateKey(options.stateFolder, 'lan-key') : undefined;
    const { API_KEYS, DASHBOARD_KEY } = options.config;
    const needsDashboardKey = API_KEYS !== undefined && DASHBOARD_KEY === undefined;
    this.#dashboardKey = needsDashboardKey ? readOrCreateKey(options.stateFolder, 'dashboard-key') : undefined;
    this.#folder = this.#release.use(claimDataFolder(join(options.stateFolder, 'up'))).path;
    this.#runFile = this.#release.use(new RunFile(join(options.stateFolder, 'run')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release.disposeAsync();
  }

  get running(): Running {
    const { config, lan, onLogLine } = this.#options;
    return {
      pid: process.pid,
      processes: [...this.#processes.values()],
      engine: this.#engine,
      profile: this.#profile,
      dashboardLogin: this.#dashboardLogin,
      needsKey: config.API_KEYS !== undefined || lan !== undefined,
      lan: lan === undefined ? undefined : { address: lan.address, key: this.#lanKey },
      speakToken: this.#speakToken,
      redisIsPrivate: redisVariable(config) === undefined,
      logFolder: onLogLine === undefined ? join(this.#folder, 'logs') : undefined,
    };
  }

  async #start(): Promise<void> {
    const { config, machine, signal } = this.#options;
    const edgePort = await chooseEdgePort(config.PORT, this.#edgeHost);
    await ensureUpPrograms(config, machine);
    signal.throwIfAborted();
    const engine = (this.#engine = await chooseEngine(config, machine));
    const redisUrl = await this.#startRedis();
    const servers = redisServers({ ...config, REDIS_URL: redisUrl });
    if (redisVariable(config) === undefined) await forgetEngineProfile(servers);
    const cacheRedisUrl = await this.#startCache();
    const redisAddresses: StackAddresses = { redisUrl, cacheRedisUrl, engineUrl: undefined };
    signal.throwIfAborted();
    const engineUrl = engine.kind === 'remote' ? undefined : await this.#startEngine(engine, redisAddresses);
    const addresses = { ...redisAddresses, engineUrl };
    await this.#startDashboardAndWorker(edgePort, addresses);
    await this.#startEdge(edgePort, addresses);
    this.#profile = await readEngineProfile(servers);
    this.#speakToken = await this.#requestSpeakToken();
  }

  /** For the link to speak from the local network: a browser must not have a key. */
  async #requestSpeakToken(): Promise<SpeakToken | undefined> {
    const { config, lan, signal } = this.#options;
    const apiKey = this.#lanKey ?? config.API_KEYS?.[0]?.key;
    const edge = this.#processes.get('edge');
    if (lan === undefined || apiKey === undefined || edge === undefined) return undefined;
    const url = new URL(edge.url);
    url.hostname = '127.0.0.1';
    return await requestSpeakToken(url.href, { apiKey, room: lan.room, signal });
  }

  /** Returns the URL of the private Redis, or `REDIS_URL` as it is configured. */
  async #startRedis(): Promise<string | undefined> {
    const { config, signal } = this.#options;
    const variable = redisVariable(config);
    if (variable === undefined) return this.#startPrivateRedis('redis');
    const servers = redisServers(config);
    await checkExternalRedis(variable, servers);
    signal.throwIfAborted();
    const url = variable === 'REDIS_URL' ? config.REDIS_URL : undefined;
    this.#processes.set('redis', { name: 'redis', pid: 0, url: url ?? describeServers(servers) });
    return config.REDIS_URL;
  }

  /** Returns the cache's Redis: the configured one, a second private one if Redis is private, else that of the sessions. */
  async #startCache(): Promise<string | undefined> {
    const { config, signal } = this.#options;
    if (config.CACHE_REDIS_URL !== undefined) {
      await checkExternalRedis('CACHE_REDIS_URL', cacheRedisServers(config));
      signal.throwIfAborted();
      return config.CACHE_REDIS_URL;
    }
    const isNeeded = config.CACHE || config.SINGLEFLIGHT;
    return isNeeded && redisVariable(config) === undefined ? this.#startPrivateRedis('cache') : undefined;
  }

  async #startPrivateRedis(name: 'redis' | 'cache'): Promise<string> {
    const { machine, signal } = this.#options;
    const program = await ensureRedisServer(machine);
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

  async #startEngine(engine: EngineChoice, addresses: StackAddresses): Promise<string> {
    const process = await this.#startProcess('engine', 0, addresses, { ENGINE_TRANSLATIONS: engine.kind });
    this.#release.use(process);
    return process.ready.url;
  }

  async #startDashboardAndWorker(edgePort: number, addresses: StackAddresses): Promise<void> {
    const isInline = this.#options.config.WORKERS === 'inline';
    const started = await Promise.allSettled([
      this.#startDashboard(edgePort, addresses),
      ...(isInline ? [] : [this.#startProcess('worker', 0, addresses)]),
    ]);
    for (const outcome of started) if (outcome.status === 'fulfilled') this.#release.use(outcome.value);
    for (const outcome of started) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #startDashboard(edgePort: number, addresses: StackAddresses): Promise<SupervisedProcess<ProcessAddress>> {
    const { say } = this.#options.machine;
    const key = this.#dashboardKey === undefined ? {} : { DASHBOARD_KEY: this.#dashboardKey };
    const start = async (): Promise<SupervisedProcess<ProcessAddress>> => {
      const port = await chooseDashboardPort(dashboardHost, edgePort);
      if (port !== defaultDashboardPort)
        say(`Port ${defaultDashboardPort} is in use; the dashboard uses ${port === 0 ? 'a free port' : port}.`);
      return this.#startProcess('dashboard', port, addresses, key);
    };
    try {
      return await start();
    } catch (error) {
      if (!saysPortInUse(error)) throw error;
      return await start();
    }
  }

  async #startEdge(port: number, addresses: StackAddresses): Promise<void> {
    const { config } = this.#options;
    try {
      this.#release.use(await this.#startProcess('edge', port, addresses, this.#edgeEnvironment()));
    } catch (error) {
      if (!saysPortInUse(error)) throw error;
      const other = await chooseEdgePort(config.PORT, this.#edgeHost);
      this.#release.use(await this.#startProcess('edge', other, addresses, this.#edgeEnvironment()));
    }
  }

  get #dashboardLogin(): Running['dashboardLogin'] {
    if (this.#options.config.DASHBOARD_KEY !== undefined) return 'configured';
    return this.#dashboardKey === undefined ? 'none' : { madeKey: this.#dashboardKey };
  }

  get #edgeHost(): string {
    return this.#options.lan?.host ?? this.#options.config.HOST;
  }

  /** In the local network a key is required; without a configured one, only the edge gets the one that is made. */
  #edgeEnvironment(): Readonly<Record<string, string>> {
    const { lan } = this.#options;
    if (lan === undefined) return {};
    return { HOST: lan.host, ...(this.#lanKey === undefined ? {} : { API_KEYS: `lan:${this.#lanKey}` }) };
  }

  async #startProcess(
    name: Exclude<ProcessName, 'up'>,
    port: number,
    addresses: StackAddresses,
    more: Readonly<Record<string, string>> = {},
  ): Promise<SupervisedProcess<ProcessAddress>> {
    const { machine, program, signal } = this.#options;
    const onLine = this.#logLines(name);
    return this.#supervise(name, (previous) => {
      const samePort = previous === undefined ? port : Number(new URL(previous.url).port);
      const environment = { ...processEnvironment(name, samePort, machine.environment, addresses), ...more };
      return startProcess({ name, parameters: [name], program, environment, onLine, signal });
    });
  }

  async #supervise<Address extends ProcessAddress>(
    name: string,
    start: (previous: Address | undefined) => Promise<Child<Address>>,
  ): Promise<SupervisedProcess<Address>> {
    const { config, machine, signal, onRestartLimit } = this.#options;
    return SupervisedProcess.start<Address>({
      name,
      start,
      signal,
      // Longer than the process's own shutdown timeout.
      stopTimeoutMs: config.SHUTDOWN_TIMEOUT_MS + 2000,
      say: machine.say,
      onStarted: ({ pid, ready: { url, metricsUrl } }) => {
        this.#processes.set(name, { name, pid, url, metricsUrl });
        this.#runFile.set({ name, pid, url, metricsUrl });
      },
      onRestartLimit,
    });
  }

  #logLines(name: string): (line: string) => void {
    const { onLogLine } = this.#options;
    if (onLogLine !== undefined) return (line) => onLogLine(name, line);
    const file = this.#release.use(openLogFile(join(this.#folder, 'logs'), name));
    return (line) => file.write(line);
  }
}
