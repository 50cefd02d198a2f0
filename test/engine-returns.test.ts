import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { resultOf, resultsIn, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

const toSpanish = { sourceLanguage: 'en', targetLanguages: ['es'] };

type Way = 'well' | 'refuse' | ((answer: ServerResponse) => void);

interface Vendor extends AsyncDisposable {
  readonly url: string;
  /** When it was asked for a translation, in ms of `performance.now`. */
  readonly callsAtMs: readonly number[];
  /** Whatever it is asked from now on it answers so; `refuse`: nobody listens. */
  become(way: Way): Promise<void>;
}

/** An engine that can be stopped and started on the same port. */
async function startVendor(): Promise<Vendor> {
  const callsAtMs: number[] = [];
  let way: Way = 'well';
  const listener: RequestListener = (request, answer) => {
    request.resume().once('end', () => {
      if (request.method !== 'POST') {
        answer.writeHead(404).end();
        return;
      }
      callsAtMs.push(performance.now());
      if (typeof way === 'function') {
        way(answer);
        return;
      }
      const choices = [{ index: 0, message: { role: 'assistant', content: 'Buenos días.' }, finish_reason: 'stop' }];
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ choices }));
    });
  };
  let port = 0;
  const listen = async (): Promise<Server> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    return server;
  };
  let server: Server = await listen();
  const leave = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}/v1`,
    callsAtMs,
    async become(next) {
      way = next;
      if (next === 'refuse') await leave();
      else if (!server.listening) server = await listen();
    },
    [Symbol.asyncDispose]: leave,
  };
}

const endpoint = (name: string, { url }: Vendor): object => ({ type: 'openai', name, baseUrl: url, model: 'my-prod' });

function status(statusCode: number, headers: Record<string, string> = {}, body: unknown = { error: 'busy' }): Way {
  return (answer) => {
    answer.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
    answer.end(JSON.stringify(body));
  };
}

const sleep = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs));

/** Sends finals while the engine is down and checks their results. @returns the duration of the last one in ms */
async function sayWhileAway(
  stack: TestStack,
  finals: number,
  back: () => Promise<void>,
  awayMs: number,
): Promise<number> {
  await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
  const saidAtMs = performance.now();
  for (let segmentId = 1; segmentId <= finals; segmentId++) {
    await speaker.session.sendFinal({ segmentId, text: `Good morning to all ${segmentId}.` });
  }
  await sleep(awayMs);
  await back();
  for (let segmentId = 1; segmentId <= finals; segmentId++) await speaker.waitForMessage(resultOf(segmentId));
  const tookMs = performance.now() - saidAtMs;
  expect(resultsIn(speaker.messages).map(({ type }) => type)).toEqual(Array(finals).fill('translation.final'));
  expect(await speaker.end()).toMatchObject({ violations: [] });
  return tookMs;
}

describe('an engine that recovers while a final is retried', () => {
  it.concurrent.each<[string, Way, number, number, number]>([
    ['with 503 and Retry-After', status(503, { 'retry-after': '2' }), 3000, 1, 3],
    ['with 503 and a Retry-After that is far too long', status(503, { 'retry-after': '120' }), 3000, 1, 3],
    ['with refused connections', 'refuse', 8000, 20, 30],
    ['with cut connections', (answer) => void answer.destroy(), 3000, 1, 20],
    ['with 529 for all but the last moment', status(529), 12_000, 1, 18],
    ['with 502', status(502), 12_000, 20, 50],
  ])(
    'I3: %s (%#) fails none, and is called a few times',
    async (_what, way, awayMs, finals, mostCalls) => {
      await using vendor = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('only', vendor)] });
      await vendor.become(way);
      const tookMs = await sayWhileAway(stack, finals, () => vendor.become('well'), awayMs);
      expect(tookMs).toBeLessThan(17_000);
      expect(vendor.callsAtMs.length - finals).toBeLessThanOrEqual(mostCalls);
    },
    60_000,
  );

  it.concurrent(
    'I3: is not awaited if another one works',
    async () => {
      await using first = await startVendor();
      await using second = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('first', first), endpoint('second', second)] });
      await first.become(status(503, { 'retry-after': '5' }));
      expect(await sayWhileAway(stack, 1, () => first.become('well'), 1000)).toBeLessThan(3000);
      expect(second.callsAtMs).toHaveLength(1);
    },
    60_000,
  );

  it.concurrent(
    'I3: is one of two that were both down',
    async () => {
      await using first = await startVendor();
      await using second = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('first', first), endpoint('second', second)] });
      await first.become('refuse');
      await second.become('refuse');
      expect(await sayWhileAway(stack, 20, () => second.become('well'), 8000)).toBeLessThan(17_000);
    },
    60_000,
  );
});

const google = (message: string, details: object[] = []) => [
  { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details } },
];

describe('an engine with a rate limit', () => {
  it.each([
    ['in words', google('You exceeded your quota.\nPlease retry in 2.5s.'), 2500],
    [
      'in RetryInfo',
      google('Quota.', [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }]),
      2000,
    ],
    ['in nothing', google('Resource has been exhausted (e.g. check quota).'), 1000],
  ])(
    'I30: and says for how long %s is left alone so long, and no call is an attempt',
    async (_where, body, leastMs) => {
      await using vendor = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('only', vendor)] });
      await vendor.become((answer) => {
        answer.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        if (vendor.callsAtMs.length === 3) void vendor.become('well');
      });
      await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
      await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning to all.' });
      expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({ type: 'translation.final' });
      const [first = 0, second = 0] = vendor.callsAtMs;
      expect(vendor.callsAtMs).toHaveLength(4);
      expect(second - first).toBeGreaterThanOrEqual(leastMs);
      expect(second - first).toBeLessThan(leastMs + 1500);
      expect(await speaker.end()).toMatchObject({ violations: [] });
    },
    60_000,
  );

  it.concurrent(
    'I30: without a retry hint for 20 s costs few calls and no final',
    async () => {
      await using vendor = await startVendor();
      await using stack = await startStack({ engines: () => [endpoint('only', vendor)] });
      await vendor.become(status(429, {}, { message: 'Requests rate limit exceeded' }));
      await sayWhileAway(stack, 5, () => vendor.become('well'), 20_000);
      expect(vendor.callsAtMs.length).toBeLessThan(40);
    },
    90_000,
  );
});
