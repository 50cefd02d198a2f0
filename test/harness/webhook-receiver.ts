import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver that answers its requests with these handlers, one after the other, and then with 204. */
export async function startWebhookReceiver(...answers: ((response: ServerResponse) => void)[]) {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const http = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      (answers[received.length - 1] ?? ((last) => last.writeHead(204).end()))(response);
      for (const check of waiting) check();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/parley`,
    received,
    /** Resolves when this many requests have arrived. */
    requests: (count: number) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (received.length >= count) resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
