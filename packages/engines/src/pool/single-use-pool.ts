import { Client } from 'undici';
import { clientOptions } from './connector.ts';
import type { ConnectionPool, ConnectionPoolOptions } from './connection-pool.ts';
import { createCountingConnector } from './connector.ts';
import { discardBody } from './send-via.ts';
import { sendVia } from './send-via.ts';

/** No pool at all: a connection for every request, closed when its answer has been read. What pooling is measured against. */
export function createSingleUsePool(options: ConnectionPoolOptions): ConnectionPool {
  const connector = createCountingConnector(options);
  const clients = new Set<Client>();
  let closed = false;

  return {
    get stats() {
      return { opened: connector.opened, connected: clients.size };
    },

    async request(request) {
      const client = new Client(options.origin, clientOptions(options, connector));
      clients.add(client);
      const answer = sendVia(client, request);
      // It may fail while the client is being destroyed, before anybody waits for it.
      answer.catch(() => undefined);
      // A closed client takes no second request, and ends its connection as soon as the first one is through.
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
