import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a port of this machine that takes as long as one to another machine. */
interface DistantProxy extends AsyncDisposable {
  readonly port: number;
}

/** @param oneWayMs how much later everything arrives, on either way; opening a connection takes one way back and forth */
export async function startDistantProxy(targetPort: number, oneWayMs: number): Promise<DistantProxy> {
  const sockets = new Set<Socket>();
  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), oneWayMs));
    from.on('close', () => setTimeout(() => to.destroy(), oneWayMs));
    from.on('error', () => undefined);
    from.setNoDelay(true);
    sockets.add(from);
    from.once('close', () => sockets.delete(from));
  };
  // What the client takes for the opening of its connection is only that to the proxy: the target's is added here.
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    client.pause();
    forward(client, target);
    forward(target, client);
    setTimeout(() => client.resume(), 2 * oneWayMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
