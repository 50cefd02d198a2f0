import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import { resultOf, resultsIn, startStack, type TestStack } from '../harness/index.ts';
import { startSpeaker } from '../harness/speaker.ts';

export const toSpanish = { sourceLanguage: 'en', targetLanguages: ['es'] };

export type Way = 'well' | 'refuse' | ((answer: ServerResponse) => void);

export interface Vendor extends AsyncDisposable {
  readonly url: string;
  /** When it was asked for a translation, in ms of `performance.now`. */
  readonly callsAtMs: readonly number[];
  /** Whatever it is asked from now on it answers so; `refuse`: nobody listens. */
  become(way: Way): Promise<void>;
}

/** An engine that can be stopped and started on the same port. */
export async function startVendor(): Promise<Vendor> {
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

export const endpoint = (name: string, { url }: Vendor): object => ({
  type: 'openai',
  name,
  baseUrl: url,
  model: 'my-prod',
});

export function status(
  statusCode: number,
  headers: Record<string, string> = {},
  body: unknown = { error: 'busy' },
): Way {
  return (answer) => {
    answer.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
    answer.end(JSON.stringify(body));
  };
}

const sleep = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs));

/** Sends finals while the engine is down and checks their results. @returns the duration of the last one in ms */
export async function sayWhileAway(
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

/** One engine is away for a while; no final fails, and it is called a few times more than there are finals. */
export async function surviveAbsence(way: Way, awayMs: number, finals: number, mostCalls: number): Promise<void> {
  await using vendor = await startVendor();
  await using stack = await startStack({ engines: () => [endpoint('only', vendor)] });
  await vendor.become(way);
  const tookMs = await sayWhileAway(stack, finals, () => vendor.become('well'), awayMs);
  expect(tookMs).toBeLessThan(17_000);
  expect(vendor.callsAtMs.length - finals).toBeLessThanOrEqual(mostCalls);
}
