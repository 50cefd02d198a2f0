import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { clientAddressBehind } from '@parley/config';
import { TestEdge } from './test-edge.ts';

/** A client that only has a connection. */
class RawConnection implements Disposable {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  received = '';

  static async open({ server }: TestEdge, localAddress = '127.0.0.1'): Promise<RawConnection> {
    const connection = new RawConnection(connect({ port: server.port, host: '127.0.0.1', localAddress }));
    await once(connection.socket, 'connect');
    return connection;
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = once(socket, 'close');
    socket.on('data', (chunk: Buffer) => void (this.received += chunk.toString()));
  }

  /** Resolves with everything received, once there is something. */
  async answer(): Promise<string> {
    if (this.received === '') await once(this.socket, 'data');
    return this.received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

const healthRequest = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** An edge whose `/readyz` answers when it is told to. */
async function edgeWithSlowPage(perAddress: number) {
  const answer = Promise.withResolvers<string>();
  const asked: (() => void)[] = [];
  const checkRedis = () => {
    asked.shift()?.();
    return answer.promise;
  };
  const edge = await TestEdge.start({
    connectionLimits: { perAddress },
    checkRedis,
  });
  const requested = (): Promise<undefined> => new Promise((resolve) => asked.push(() => resolve(undefined)));
  return { edge, answer, requested };
}

describe('HTTP connections', () => {
  it('beyond the limit of an address close the one that has sent no request for the longest time', async () => {
    await using edge = await TestEdge.start({ connectionLimits: { perAddress: 3 } });
    using first = await RawConnection.open(edge);
    using second = await RawConnection.open(edge);
    using third = await RawConnection.open(edge);
    // It is now idle for a shorter time than the second one.
    first.socket.write(healthRequest);
    await first.answer();
    using fourth = await RawConnection.open(edge);
    await second.closed;
    expect(second.received).toContain('408 Request Timeout');
    for (const open of [third, fourth]) {
      open.socket.write(healthRequest);
      expect(await open.answer()).toContain('200 OK');
    }
    expect(edge.refusals).toEqual(['too-many-connections']);
  });

  it('are closed without an answer if there are many of them', async () => {
    await using edge = await TestEdge.start({ connectionLimits: { perAddress: 1 } });
    using closed = new DisposableStack();
    const all: RawConnection[] = [];
    for (let count = 0; count < 150; count++) all.push(closed.use(await RawConnection.open(edge)));
    await Promise.all(all.slice(0, -1).map((connection) => connection.closed));
    const answered = all.filter(({ received }) => received.includes('408 Request Timeout'));
    expect(answered.length).toBeGreaterThanOrEqual(50);
    expect(answered.length).toBeLessThan(149);
    expect(edge.refusals).toHaveLength(149);
  });

  it('count with a body that has not arrived as without a request', async () => {
    await using edge = await TestEdge.start({ connectionLimits: { perAddress: 1 } });
    using slow = await RawConnection.open(edge);
    slow.socket.write('POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nslow');
    const response = await fetch(`${edge.url}/healthz`);
    expect(response.status).toBe(200);
    await slow.closed;
  });

  it('are refused with 429 if all others of the address have a request in progress, and admitted afterwards', async () => {
    const { edge, answer, requested } = await edgeWithSlowPage(2);
    await using owned = edge;
    const begun = [requested(), requested()];
    const pages = [fetch(`${owned.url}/readyz`), fetch(`${owned.url}/readyz`)];
    await Promise.all(begun);
    using refused = await RawConnection.open(owned);
    await refused.closed;
    expect(refused.received).toContain('429 Too Many Requests');
    answer.resolve('ok');
    await Promise.all(pages.map(async (page) => (await page).text()));
    expect((await fetch(`${owned.url}/healthz`)).status).toBe(200);
  });

  it('beyond the limit of all close one of the address with the most', async () => {
    await using edge = await TestEdge.start({ connectionLimits: { all: 3 } });
    using small = await RawConnection.open(edge, '127.0.0.2');
    using large = await RawConnection.open(edge, '127.0.0.3');
    using larger = await RawConnection.open(edge, '127.0.0.3');
    using other = await RawConnection.open(edge, '127.0.0.4');
    await large.closed;
    for (const open of [small, larger, other]) {
      open.socket.write(healthRequest);
      expect(await open.answer()).toContain('200 OK');
    }
  });

  it('that have become WebSockets do not count', async () => {
    await using edge = await TestEdge.start({ connectionLimits: { perAddress: 1 } });
    const clients = [await edge.connect(), await edge.connect(), await edge.connect()];
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
    expect(clients.map(({ readyState }) => readyState)).toEqual([1, 1, 1]);
    expect(edge.refusals).toEqual([]);
  });

  it('of a trusted proxy count for their client during a request', async () => {
    const answer = Promise.withResolvers<string>();
    const requested = Promise.withResolvers<undefined>();
    const checkRedis = () => {
      requested.resolve(undefined);
      return answer.promise;
    };
    await using edge = await TestEdge.start({
      connectionLimits: { perAddress: 1, isProxy: (address) => address.endsWith('127.0.0.1') },
      clientAddress: clientAddressBehind([{ address: '127.0.0.1', prefix: 32 }]),
      checkRedis,
    });
    const of = (client: string) => ({ headers: { 'x-forwarded-for': client } });
    const first = fetch(`${edge.url}/readyz`, of('192.0.2.1'));
    await requested.promise;
    const second = await fetch(`${edge.url}/v1/stream`, of('192.0.2.1'));
    expect(second.status).toBe(429);
    await expect(second.json()).resolves.toMatchObject({ error: { code: 'too-many-connections' } });
    expect((await fetch(`${edge.url}/healthz`, of('192.0.2.2'))).status).toBe(200);
    await expect(edge.connect(of('192.0.2.1'))).rejects.toMatchObject({ status: 429 });
    answer.resolve('ok');
    await (await first).text();
    expect((await fetch(`${edge.url}/healthz`, of('192.0.2.1'))).status).toBe(200);
  });
});
