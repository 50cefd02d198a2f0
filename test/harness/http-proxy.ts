import { once } from 'node:events';
import { createServer, request as requestOf, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A reverse proxy in front of several edges: each request goes to the first one that can be reached. */
export interface HttpProxy extends AsyncDisposable {
  readonly url: string;
  /** What happens to WebSockets: `refuse` answers with 400, `cut` closes the connection without an answer. */
  upgrades: 'forward' | 'refuse' | 'cut';
  /** Whether anything is forwarded; otherwise every connection is cut, as if the network were gone. */
  isUp: boolean;
  /** The paths of all requests without upgrades. */
  readonly requested: readonly string[];
}

/** @param targets the URLs of the edges */
export async function startHttpProxy(targets: () => readonly string[]): Promise<HttpProxy> {
  const sockets = new Set<Socket>();
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    if (proxy.isUp) forward(request, response, targets());
    else request.socket.destroy();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, client: Duplex) => {
    if (!proxy.isUp || proxy.upgrades === 'cut') client.destroy();
    else if (proxy.upgrades === 'refuse') client.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    else forwardUpgrade(request, client, targets());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let isUp = true;
  const proxy: HttpProxy = {
    url,
    upgrades: 'forward',
    requested,
    get isUp() {
      return isUp;
    },
    set isUp(up) {
      isUp = up;
      if (!up) for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: close,
  };
  return proxy;
}

function forward(request: IncomingMessage, response: ServerResponse, [target, ...others]: readonly string[]): void {
  if (target === undefined) {
    response.writeHead(502).end();
    return;
  }
  const { method, url, headers } = request;
  const forwarded = requestOf(new URL(url ?? '/', target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  forwarded.on('error', () => {
    if (response.headersSent) response.destroy();
    else forward(request, response, others);
  });
  response.on('close', () => forwarded.destroy());
  // The pages send no bodies.
  forwarded.end();
}

function forwardUpgrade(request: IncomingMessage, client: Duplex, [target, ...others]: readonly string[]): void {
  if (target === undefined) {
    client.destroy();
    return;
  }
  const { hostname, port } = new URL(target);
  const edge = connect(Number(port), hostname);
  let isConnected = false;
  edge.on('connect', () => {
    isConnected = true;
    const { rawHeaders, url } = request;
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    edge.write(`GET ${url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    client.pipe(edge).pipe(client);
  });
  edge.on('error', () => undefined);
  edge.on('close', () => {
    if (isConnected) client.destroy();
    else forwardUpgrade(request, client, others);
  });
  client.on('error', () => undefined).on('close', () => edge.destroy());
}
