import { readdirSync, readFileSync } from 'node:fs';
import { parseClientMessage } from '@parley/protocol';
import { sizeCost, workCost } from '../../apps/edge/src/limits/frame-cost.ts';
import { startProcess, startRedis } from '../harness/index.ts';
import type { Bench, BenchOptions, Cell } from './bench.ts';
import { textFrame } from './hostile/frames.ts';
import { RawClient } from './hostile/raw-client.ts';
import { Tally } from './hostile/tally.ts';
import { acceptedFrames, refusedFrames, session, type WorstFrame } from './worst-frames/frames.ts';

const apiKey = 'a-key-of-the-measured-tenant';
const bounds = { maxTextChars: 10_000 };
/** What a connection may send at once, and then a second: docs/protocol.md. */
const burstBytes = 1.5 * 1024 * 1024;
const rate = { bytes: 512 * 1024, frames: 100 } as const;

/** The CPU time of all threads of a process in ms: the first field of each schedstat is in ns. */
function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return ns.reduce((sum, value) => sum + value, 0) / 1e6;
}

/** Returns the least time that reading a frame blocks the thread, in ms. */
function readingMs({ frame, stage }: WorstFrame, rounds: number): number {
  const text = frame(0);
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const startedAtMs = performance.now();
    parseClientMessage(text, { ...bounds, isListener: stage === 'joined' });
    least = Math.min(least, performance.now() - startedAtMs);
  }
  return least;
}

class Connection {
  readonly #client: RawClient;
  #answers: { readonly start: string; left: number; readonly resolve: (text: string) => void } | undefined;

  constructor(port: number, access: string, signal: AbortSignal) {
    const onText = (text: string): void => {
      const answers = this.#answers;
      if (answers !== undefined && text.startsWith(answers.start) && --answers.left === 0) answers.resolve(text);
    };
    this.#client = new RawClient({ port, access, tally: new Tally(), signal, onText });
  }

  get opened(): Promise<boolean> {
    return this.#client.opened;
  }

  /** Sends frames and resolves with the last of a number of answers of a type, or at the end of the connection. */
  async ask(frames: readonly string[], type: string, count = 1): Promise<string | undefined> {
    const answered = new Promise<string>((resolve) => {
      this.#answers = { start: `{"type":"${type}"`, left: count, resolve };
    });
    await this.#client.write(Buffer.concat(frames.map(textFrame)));
    return Promise.race([answered, this.#client.closed.then(() => undefined)]);
  }

  drop(): void {
    this.#client.drop();
  }
}

/** Measures reading in this process, and handling in an edge and its Redis. */
export const worstFrames: Bench = {
  name: 'worst-frames',
  question:
    'How much CPU do the most expensive frames of each type cost, and how much of a core can one connection take?',
  async run({ quick, tell, signal }: BenchOptions) {
    await using redis = await startRedis();
    const limits = { MAX_FRAMES_PER_SECOND: '100000', MAX_FRAME_BURST: '100000' };
    const env = { REDIS_URL: redis.url, API_KEYS: `one:${apiKey}`, ...limits };
    await using edge = await startProcess({ name: 'edge', env });
    const port = Number(new URL(edge.url).port);
    const open = async (access: string): Promise<Connection> => {
      const connection = new Connection(port, access, signal);
      await connection.opened;
      return connection;
    };
    const host = await open(`bearer.${apiKey}`);
    const started = await host.ask([JSON.stringify(session)], 'session.started');
    const { joinCode } = JSON.parse(started ?? '{}') as { joinCode: string };

    /** CPU of edge and Redis for one frame, in ms. */
    const handlingMs = async ({
      stage,
      isSingle = false,
      frame,
    }: WorstFrame): Promise<[edge: number, redis: number]> => {
      const count = quick ? 2 : Math.max(5, Math.min(50, Math.floor(burstBytes / Buffer.byteLength(frame(0)))));
      const [connections, each] = isSingle ? [count, 1] : [1, count];
      const opened: Connection[] = [];
      for (let index = 0; index < connections; index++) {
        const connection = await open(stage === 'joined' ? `join.${joinCode}` : `bearer.${apiKey}`);
        if (stage === 'session') await connection.ask([JSON.stringify(session)], 'session.started');
        opened.push(connection);
      }
      const frames = Array.from({ length: each }, (_, number) => frame(number).replace('CODE', joinCode));
      const before = [cpuMs(edge.child.pid), cpuMs(redis.pid)] as const;
      // Messages are answered in turn.
      const pongs = 1 + frames.filter((text) => text.startsWith('{"type":"ping"')).length;
      await Promise.all(opened.map((connection) => connection.ask([...frames, '{"type":"ping"}'], 'pong', pongs)));
      const after = [cpuMs(edge.child.pid), cpuMs(redis.pid)] as const;
      for (const connection of opened) connection.drop();
      return [(after[0] - before[0]) / count, (after[1] - before[1]) / count];
    };

    const rows: Cell[][] = [];
    for (const worst of [...acceptedFrames, ...refusedFrames]) {
      const frame = worst.frame(0);
      const bytes = Buffer.byteLength(frame);
      const parsed = parseClientMessage(frame, { ...bounds, isListener: worst.stage === 'joined' });
      const cost = sizeCost(bytes) + (parsed.ok ? workCost(parsed.message.type) : 0);
      const reading = readingMs(worst, quick ? 2 : 50);
      await handlingMs(worst);
      const [edgeMs, redisMs] = await handlingMs(worst);
      const perSecond = Math.min(rate.frames / cost, rate.bytes / bytes);
      const shares = [edgeMs, redisMs].map((ms) => `${((perSecond * ms) / 10).toFixed(1)}%`);
      const result = parsed.ok ? (parsed.ignored.length > 0 ? 'notice' : 'accepted') : parsed.error.code;
      rows.push([
        worst.name,
        result,
        (bytes / 1024).toFixed(1),
        cost,
        reading.toFixed(3),
        edgeMs.toFixed(2),
        redisMs.toFixed(2),
        ...shares,
      ]);
      tell(rows.at(-1)?.join(' | ') ?? '');
    }
    host.drop();
    const columns = ['frame', 'result', 'KiB', 'counts as frames', 'reading ms', 'edge CPU ms', 'Redis CPU ms'];
    return { columns: [...columns, 'edge, at most', 'Redis, at most'], rows };
  },
};
