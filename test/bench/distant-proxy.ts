import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy that adds the latency of a remote machine. */
interface DistantProxy extends AsyncDisposable {
  readonly port: number;
}

/** @param oneWayMs the delay in each direction; opening a connection takes one round trip */
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
  // The client's connection opens at the proxy without delay, so the round trip to the target is added here.
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
