import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { OverviewReader } from '../overview/overview-reader.ts';
import { overviewPage, type PageOptions } from './overview-page.ts';

const folder = new URL('../../public/', import.meta.url);

/** The overview as a page and as JSON; a plugin for a scope that requires a login. */
export function overviewRoutes(reader: Pick<OverviewReader, 'read'>, options: PageOptions) {
  return async (scope: FastifyInstance): Promise<void> => {
    const [style, script] = await Promise.all(
      ['overview.css', 'overview.js'].map((name) => readFile(new URL(name, folder), 'utf8')),
    );
    scope.get('/overview', async (_request, reply) => {
      const page = overviewPage(await reader.read(), options);
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
    });
    scope.get('/overview.json', async (_request, reply) =>
      reply.header('cache-control', 'no-store').send(await reader.read()),
    );
    scope.get('/overview.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
    scope.get('/overview.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script));
  };
}
