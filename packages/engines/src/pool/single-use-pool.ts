import { Client } from 'undici';
import { clientOptions } from './connector.ts';
import type { ConnectionPool, ConnectionPoolOptions } from './connection-pool.ts';
import { createCountingConnector } from './connector.ts';
import { discardBody } from './send-via.ts';
import { sendVia } from './send-via.ts';

/** Creates a pool without reuse: one connection per request. The baseline for measuring connection pooling. */
export function createSingleUsePool(options: ConnectionPoolOptions): ConnectionPool {
  const connector = createCountingConnector(options);
  const clients = new Set<Client>();
  let closed = false;

  return {
    get stats() {
      return { opened: connector.opened, connected: clients.size };
    },

    capacity: { calls: Infinity, lingering: 0 },

    async request(request) {
      const client = new Client(options.origin, clientOptions(options, connector));
      clients.add(client);
      const answer = sendVia(client, request);
      // It may reject while the client is being destroyed, before it is awaited.
      answer.catch(() => undefined);
      // A closed client accepts no further requests and closes its connection after the first.
      client.close(() => clients.delete(client));
      if (closed) await client.destroy();
      const response = await answer;
      response.body.on('error', () => undefined);
      return response;
    },

    async warm(request) {
      const { statusCode, body } = await this.request(request);
      await discardBody(body);
      return statusCode;
    },

    async close() {
      closed = true;
      await Promise.all([...clients].map((client) => client.destroy()));
    },
  };
}
