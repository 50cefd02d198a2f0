import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const english = 'we would like to talk about the new school in the old town and the road to the river'.split(' ');
const spanish = 'queremos hablar de la escuela nueva en el pueblo viejo y del camino largo que lleva al río'.split(' ');
export const mostWords = english.length;

/** Returns the first words of the sentence, as a recognizer would. */
export const firstWords = (count: number): string => english.slice(0, count).join(' ');

const reply = (text: string): string[] => spanish.slice(0, text.split(' ').length);

/** How long a word takes: a slow model. */
const msPerWord = 40;

interface Request {
  readonly stream: boolean;
  readonly messages: readonly { readonly content: string }[];
}

/** What follows all but the last two words of a streamed reply: the rest, the rest and a remark, or a broken connection. */
export type Ending = 'whole' | 'remark' | 'broken';

/** An engine whose streamed replies come word by word and wait before the last two words, until `goOn` is called. */
export interface DrippingEngine extends AsyncDisposable {
  readonly url: string;
  /** Resolves with the texts that were requested, once there are as many. */
  requested(count: number): Promise<readonly string[]>;
  /** Lets plain replies go, or all streamed ones so far and their end. */
  goOn(which: 'plain' | Ending): void;
}

function chunk(content: string, finishReason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finishReason }] })}\n\n`;
}

export async function startDrippingEngine(): Promise<DrippingEngine> {
  const texts: string[] = [];
  const news = new EventTarget();
  let plain = Promise.withResolvers<undefined>();
  let streamed = Promise.withResolvers<Ending>();

  async function answer({ stream, messages }: Request, response: ServerResponse): Promise<void> {
    const text = messages.at(-1)?.content ?? '';
    texts.push(text);
    news.dispatchEvent(new Event('requested'));
    const words = reply(text);
    if (!stream) {
      await plain.promise;
      response.end(JSON.stringify({ choices: [{ message: { content: words.join(' ') }, finish_reason: 'stop' }] }));
      return;
    }
    const { promise: ending } = streamed;
    for (const word of words.slice(0, -2)) {
      response.write(chunk(`${word} `));
      await delay(msPerWord);
    }
    const end = await ending;
    if (end === 'broken') {
      response.destroy();
      return;
    }
    const rest = `${words.slice(-2).join(' ')}${end === 'remark' ? ' (Nota: es aproximado)' : ''}`;
    response.end(`${chunk(rest)}${chunk('', 'stop')}data: [DONE]\n\n`);
  }

  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(404).end();
    readJson(request)
      .then((body) => answer(body as Request, response))
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requested: async (count) => {
      while (texts.length < count) await once(news, 'requested', { signal: AbortSignal.timeout(10_000) });
      return texts;
    },
    goOn: (which) => {
      if (which === 'plain') {
        plain.resolve(undefined);
        return;
      }
      streamed.resolve(which);
      streamed = Promise.withResolvers();
    },
    [Symbol.asyncDispose]: async () => {
      plain.resolve(undefined);
      streamed.resolve('broken');
      plain = Promise.withResolvers();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
