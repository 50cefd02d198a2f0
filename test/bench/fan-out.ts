import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { startProcess, startRedis } from '../harness/index.ts';
import type { Bench, BenchOptions, Cell } from './bench.ts';
import type { JoinOrder, ListenersReport } from './fan-out/listeners.ts';
import { percentile } from './percentile.ts';

const languages = ['es', 'fr', 'it', 'de'];
/** Concurrent revisions while the edge runs at full load. */
const window = 2;
const revisionsPerSecond = 5;
/** USER_HZ, the unit of CPU times in /proc (proc(5)). */
const ticksPerSecond = 100;
const listenersProgram = fileURLToPath(new URL('fan-out/listeners.ts', import.meta.url));

interface FanOut {
  readonly listeners: number;
  readonly revisions: number;
  /** Revisions per second; 0 for full load. */
  readonly pace: number;
}

interface FanOutFigures {
  readonly framesPerSecond: number;
  readonly framesPerCpuSecond: number;
  readonly spreadsMs: readonly number[];
}

/** Runs one session on one edge with listeners in every language, each of which gets every revision in its language. */
async function openRoom(listeners: number, env: Readonly<Record<string, string>> = {}) {
  await using resources = new AsyncDisposableStack();
  const redis = resources.use(await startRedis());
  const limits = { MAX_SOCKETS_PER_TENANT: '0', MAX_SESSIONS_PER_TENANT: '0' };
  const edge = resources.use(await startProcess({ name: 'edge', env: { REDIS_URL: redis.url, ...limits, ...env } }));
  const { port } = new URL(edge.url);
  const host = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, 'parley.v1');
  resources.defer(() => host.terminate());
  await once(host, 'open');
  host.send(JSON.stringify({ type: 'session.start', sourceLanguage: 'en', targetLanguages: languages }));
  const [data] = (await once(host, 'message')) as [Buffer];
  const { sessionId, joinCode } = JSON.parse(data.toString()) as { sessionId: string; joinCode: string };
  const child = resources.adopt(fork(listenersProgram), (forked) => void forked.kill());
  const order: JoinOrder = { port: Number(port), joinCode, languages, count: listeners };
  child.send(order);
  await reportOf(child, 'joined');
  const owned = resources.move();
  return {
    redis: redis.connect(),
    edgePid: edge.child.pid,
    sessionId,
    child,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function reportOf(child: ChildProcess, type: ListenersReport['type']): Promise<ListenersReport> {
  for (;;) {
    const [report] = (await once(child, 'message')) as [ListenersReport];
    if (report.type === type) return report;
  }
}

/** Publishes one revision in all languages, as workers do on commit. */
async function publish(redis: Redis, sessionId: string, revision: number): Promise<void> {
  const spoken = { v: 1, language: 'en', receivedAtMs: Date.now() };
  const text = `words of revision ${revision} of a sentence that goes on for a while, as sentences of a talk do`;
  const pipeline = redis.pipeline();
  for (const targetLanguage of languages) {
    const partial = { ...spoken, type: 'partial', segmentId: 1, targetLanguage, text, queueMs: 1, engineMs: 200 };
    pipeline.spublish(`{s:${sessionId}}`, `p 0 ${revision} ${JSON.stringify(partial)}`);
  }
  await pipeline.exec();
}

async function fanOut({ listeners, revisions, pace }: FanOut, signal: AbortSignal): Promise<FanOutFigures> {
  await using room = await openRoom(listeners);
  const { redis, sessionId, child, edgePid } = room;
  const received = new EventEmitter();
  const spreadsMs: number[] = [];
  let receivedCount = 0;
  child.on('message', (report: ListenersReport) => {
    if (report.type !== 'received') return;
    spreadsMs.push(...report.spreadsMs);
    receivedCount++;
    received.emit('revision');
  });
  const send = async (first: number, count: number): Promise<void> => {
    for (let revision = first; revision < first + count; revision++) {
      await publish(redis, sessionId, revision);
      if (pace > 0) await sleep(1000 / pace, undefined, { signal });
      while (pace === 0 && revision - receivedCount >= window) await once(received, 'revision', { signal });
    }
    while (receivedCount < first + count) await once(received, 'revision', { signal });
  };
  const warmUp = Math.ceil(revisions / 5);
  await send(0, warmUp);
  spreadsMs.length = 0;
  const [startedAtMs, startedTicks] = [performance.now(), cpuTicks(edgePid)];
  await send(warmUp, revisions);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const cpuSeconds = (cpuTicks(edgePid) - startedTicks) / ticksPerSecond;
  const frames = revisions * listeners;
  return { framesPerSecond: frames / seconds, framesPerCpuSecond: frames / cpuSeconds, spreadsMs };
}

/** utime and stime: fields 14 and 15 of /proc/PID/stat. The name in field 2 may contain spaces and brackets. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Measures the throughput of one edge to the listeners of one session. */
export const fanOutBench: Bench = {
  name: 'fan-out',
  question: 'How many captions a second does one edge send to 4,000 listeners in 4 languages, and how far apart?',
  async run({ quick, tell, signal }: BenchOptions) {
    const [listeners, revisions] = quick ? [400, 20] : [4000, 150];
    const rows: Cell[][] = [];
    for (const pace of [0, revisionsPerSecond]) {
      const name = pace === 0 ? 'as fast as it can' : `${pace} revisions a second`;
      tell(name);
      const { framesPerSecond, framesPerCpuSecond, spreadsMs } = await fanOut({ listeners, revisions, pace }, signal);
      const [p50, p99] = [percentile(spreadsMs, 0.5), percentile(spreadsMs, 0.99)];
      rows.push([name, Math.round(framesPerSecond), Math.round(framesPerCpuSecond), p50, p99]);
    }
    return { columns: ['revisions', 'frames/s', 'frames/s of edge CPU', 'spread p50 ms', 'spread p99 ms'], rows };
  },
};
