/**
 * What causes cost. Those in `levels` are numbers of things that are open; the others happen, and are counted per second.
 * Each is counted where it happens first: partials and their results once for all processes that they pass.
 */
export interface Drivers {
  /** 1: what a process, or a Redis, costs without any load. */
  readonly process: number;
  /** Edges and workers beyond one of each. */
  readonly moreProcesses: number;
  /** Threads of workers beyond one of each. */
  readonly moreThreads: number;
  readonly sessions: number;
  readonly listeners: number;
  /** Partials that speakers send. */
  readonly partials: number;
  /** Those of them that edges put into their segments: not debounced, not the same as before. */
  readonly puts: number;
  /** Engine calls for partials, counted for each target. */
  readonly partialCalls: number;
  /** Translations of partials that the speaker receives, counted for each target. */
  readonly partialResults: number;
  readonly finals: number;
  readonly finalResults: number;
  /** Translations that listeners receive. */
  readonly listenerFrames: number;
  /** Translations that an edge receives on which a session has only listeners. */
  readonly received: number;
  /** Messages that Redis sends to further subscribers of a session. */
  readonly deliveries: number;
  /** Engine calls for which the shared rate limit was asked. */
  readonly permits: number;
}

export type Driver = keyof Drivers;

/** What is used, per second unless it is memory: CPU in cores, the rest in bytes. Of several edges or workers it is the sum. */
export interface Usage {
  readonly edgeCpu: number;
  readonly workerCpu: number;
  readonly redisCpu: number;
  readonly cacheCpu: number;
  readonly edgeMemory: number;
  readonly workerMemory: number;
  readonly redisMemory: number;
  /** How fast the memory of Redis grows. */
  readonly redisGrowth: number;
  /** To and from Redis, without that of the cache. */
  readonly redisBytes: number;
  /** From edges to clients. */
  readonly clientBytes: number;
}

export type Resource = keyof Usage;

/** One load that ran, and what it used. */
export interface MeasuredPoint {
  readonly name: string;
  readonly drivers: Drivers;
  readonly usage: Usage;
  readonly redisVersion: string;
  readonly engine: { readonly calls: number; readonly tokens: number };
  /** The load average of the machine when the measurement began. */
  readonly loadAverage: number;
}
