import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClientMessageInput, ServerMessage } from '@parley/protocol';
import type { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { startStack, type TestStack } from './harness/index.ts';
import { until } from './harness/until.ts';

const apiKey = 'a-key-of-this-test-alone';
const headers = { authorization: `Bearer ${apiKey}` };

let stack: TestStack;
let operator: Redis;
beforeAll(async () => {
  stack = await startStack({ env: { API_KEYS: `tenant:${apiKey}` } });
  operator = stack.redis.connect();
}, 60_000);
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

/** A speaker that keeps everything that it receives. */
class Speaker implements Disposable {
  readonly received: ServerMessage[] = [];
  readonly #socket = new WebSocket(stack.streamUrl(), 'parley.v1', { headers });
  readonly #opened = once(this.#socket, 'open');

  constructor() {
    this.#socket.on('message', (data: Buffer) => this.received.push(JSON.parse(data.toString()) as ServerMessage));
  }

  async start(): Promise<Extract<ServerMessage, { type: 'session.started' }>> {
    await this.#opened;
    this.say({ type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es', 'fr'] });
    return this.hear((message) => message.type === 'session.started');
  }

  say(message: ClientMessageInput): void {
    this.#socket.send(JSON.stringify(message));
  }

  async hear<Message extends ServerMessage>(isIt: (message: ServerMessage) => message is Message): Promise<Message> {
    for (;;) {
      const found = this.received.find(isIt);
      if (found !== undefined) return found;
      await once(this.#socket, 'message', { signal: AbortSignal.timeout(30_000) });
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

const edgeUrl = (path: string): URL => new URL(path, stack.edges[0]?.url);

/** The state of Redis according to a process. */
async function redisOf(url: string): Promise<string> {
  const response = await fetch(new URL('/readyz', url));
  return ((await response.json()) as { checks: { redis: string } }).checks.redis;
}

/** The status with which a listener's upgrade is answered. */
async function upgradeStatus(joinCode: string): Promise<number> {
  const protocols = { 'x-websocket-protocol': `parley.v1, join.${joinCode}` };
  return (await fetch(edgeUrl('/v1/stream'), { headers: protocols })).status;
}

interface Trouble {
  readonly code: string;
  readonly remedy: RegExp;
  readonly begin: () => unknown;
  readonly end: () => unknown;
  /** Whether Redis still answers reads. */
  readonly reads: boolean;
}

const troubles: [what: string, Trouble][] = [
  [
    'a full memory',
    {
      code: 'OOM',
      remedy: /maxmemory/,
      begin: () => operator.config('SET', 'maxmemory', '1mb'),
      end: () => operator.config('SET', 'maxmemory', 0),
      reads: true,
    },
  ],
  [
    'a replica',
    {
      code: 'READONLY',
      remedy: /master/,
      begin: () => operator.replicaof('127.0.0.1', 1),
      end: () => operator.replicaof('NO', 'ONE'),
      reads: true,
    },
  ],
  [
    'a user without rights',
    {
      code: 'NOPERM',
      remedy: /ACL SETUSER/,
      begin: () => operator.acl('SETUSER', 'default', '-@scripting'),
      end: () => operator.acl('SETUSER', 'default', '+@all'),
      reads: true,
    },
  ],
  [
    'a password that the processes lack',
    {
      code: 'NOAUTH',
      remedy: /REDIS_URL/,
      begin: async () => {
        await operator.config('SET', 'requirepass', 'another');
        for (const type of ['normal', 'pubsub']) await operator.call('CLIENT', 'KILL', 'TYPE', type);
      },
      end: () => operator.config('SET', 'requirepass', ''),
      reads: false,
    },
  ],
  [
    'a hanging process',
    {
      code: 'TIMEOUT',
      remedy: /hangs/,
      begin: () => process.kill(stack.redis.pid, 'SIGSTOP'),
      end: () => process.kill(stack.redis.pid, 'SIGCONT'),
      reads: false,
    },
  ],
];

describe('a Redis that does not do its work', () => {
  it.each(troubles)(
    '%s: clients are told to try again, an operator what to do, and all goes on afterwards',
    async (_what, { code, remedy, begin, end, reads }) => {
      using speaker = new Speaker();
      using other = new Speaker();
      const { joinCode } = await speaker.start();
      const { sessionId: unwanted } = await other.start();
      await begin();
      try {
        for (const { url } of [...stack.edges, ...stack.workers]) {
          await until(`${url} reports ${code}`, async () => (await redisOf(url)).startsWith(`${code}: `));
        }
        const told = speaker.received.length;
        speaker.say({ type: 'transcript.partial', segmentId: 1, revision: 0, text: 'Good' });
        speaker.say({ type: 'transcript.final', segmentId: 1, text: 'Good morning.', id: 'final' });
        const erasure = fetch(edgeUrl(`/v1/sessions/${unwanted}`), { method: 'DELETE', headers });
        const upgrade = upgradeStatus(joinCode);
        const refusal = await speaker.hear(
          (message): message is Extract<ServerMessage, { type: 'error' }> =>
            message.type === 'error' && message.causedBy === 'final',
        );
        expect(refusal).toMatchObject({ code: 'temporarily-unavailable', retryable: true });
        const codes = speaker.received.slice(told).map((message) => 'code' in message && message.code);
        expect(new Set(codes)).toEqual(new Set(['temporarily-unavailable']));
        const [response, status] = await Promise.all([erasure, upgrade]);
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ error: { code: 'temporarily-unavailable' } });
        expect(status).toBe(reads ? 426 : 503);
      } finally {
        await end();
      }
      for (const program of [...stack.edges, ...stack.workers]) {
        expect(program.output()).not.toContain('MaxListenersExceededWarning');
        const reasons = program
          .output()
          .split('\n')
          .filter((line) => line.includes('Redis health check failed'))
          .map((line) => (JSON.parse(line) as { reason: string }).reason);
        expect(reasons.filter((reason) => reason.startsWith(`${code}: `) && remedy.test(reason))).toHaveLength(1);
      }

      for (const { url } of [...stack.edges, ...stack.workers])
        await until(`${url} can use Redis`, async () => (await redisOf(url)) === 'ok');
      speaker.say({ type: 'transcript.final', segmentId: 2, text: 'Good evening.' });
      for (const language of ['es', 'fr']) {
        const final = await speaker.hear(
          (message): message is Extract<ServerMessage, { type: 'translation.final' }> =>
            message.type === 'translation.final' && message.segmentId === 2 && message.targetLanguage === language,
        );
        expect(final.text).toBe(`[${language}] Good evening.`);
      }
    },
    90_000,
  );
});
