import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { resultOf, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

/** Half a sentence, sent before the failure, and the whole sentence. */
const half = 'Buenos días a todos y';
const whole = 'Buenos días a todos y bienvenidos a esta reunión.';
const long = 'Good morning everyone and welcome to this meeting. '.repeat(6).trim();

interface Request {
  readonly model: string;
  readonly stream: boolean;
}
type Ending = (answer: ServerResponse, stream: boolean) => void;

function sendReply(answer: ServerResponse, stream: boolean, content: string, finishReason: unknown): void {
  if (!stream) {
    answer.end(JSON.stringify({ choices: [{ message: { content }, finish_reason: finishReason }] }));
    return;
  }
  const chunks = [
    { choices: [{ delta: { content }, finish_reason: null }] },
    { choices: [{ delta: {}, finish_reason: finishReason }] },
  ];
  answer.end(`${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`);
}

function endBy(finishReason: unknown): Ending {
  return (answer, stream) => sendReply(answer, stream, half, finishReason);
}

/** Sends an error after half a sentence, or instead of an unstreamed reply. */
function breakOffWith(error: object): Ending {
  return (answer, stream) => {
    const chunk = { choices: [{ delta: { content: half }, finish_reason: null }] };
    answer.end(stream ? `data: ${JSON.stringify(chunk)}\n\ndata: ${JSON.stringify(error)}\n\n` : JSON.stringify(error));
  };
}

const endings: readonly [string, Ending][] = [
  ['error', endBy('error')],
  ['SAFETY', endBy('SAFETY')],
  ['MAX_TOKENS', endBy('MAX_TOKENS')],
  ['length', endBy('length')],
  ['an empty reason', endBy('')],
  ['an unknown reason', endBy('some_new_reason')],
  ['a bare error', breakOffWith({ object: 'error', message: 'The engine died.', code: 500 })],
  ['an error of FastAPI', breakOffWith({ detail: 'Internal error' })],
  ['an error in a list', breakOffWith([{ error: { code: 503, status: 'UNAVAILABLE' } }])],
];

describe('an engine whose first reply to each text ends abnormally', () => {
  let stack: TestStack;
  let ending: Ending = endBy('stop');
  let calls = 0;
  const server = createServer((request, answer) => {
    if (request.method !== 'POST') return void answer.writeHead(404).end();
    void readJson(request).then((body) => {
      const { stream } = body as Request;
      calls++;
      if (calls % 2 === 1) ending(answer, stream);
      else sendReply(answer, stream, stream ? Array(6).fill(whole).join(' ') : whole, 'stop');
    });
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    stack = await startStack({
      engines: () => [{ type: 'openai', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'any' }],
    });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    server.close();
  });

  it.each(endings)('I38: is called again, and no final is half a sentence: %s', async (name, bad) => {
    ending = bad;
    for (const text of ['Good morning everyone and welcome to this meeting.', long]) {
      calls = 0;
      await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
      await speaker.session.sendFinal({ segmentId: 1, text: `${text} (${name})` });
      const result = await speaker.waitForMessage(resultOf(1));
      expect(result).toMatchObject({ type: 'translation.final', text: expect.stringMatching(/bienvenidos.*\.$/) });
      expect(calls).toBe(2);
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
    }
  });
});
