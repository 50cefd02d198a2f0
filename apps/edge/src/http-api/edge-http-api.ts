import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ServedApi } from '../server/edge-server.ts';
import { addressed, allowed, type Caller } from './caller.ts';
import { allowOtherOrigins } from './cross-origin.ts';
import { addDocumentRoutes, collectSchemas } from './document-routes.ts';
import { errorHandler } from './error-handler.ts';
import { addEventsRoute } from './events-route.ts';
import type { HttpApiContext, HttpApiOptions } from './http-api.ts';
import { HttpError, sendError } from './http-error.ts';
import { addListenRoute } from './listen-route.ts';
import { addLanguagesRoute } from './languages-route.ts';
import { watchMethods } from './other-methods.ts';
import { addSessionsRoutes } from './sessions-routes.ts';
import { addTokensRoute } from './tokens-route.ts';
import { addTranscriptRoutes } from './transcript-routes.ts';

/** The HTTP API of an edge; all of its routes are below `/v1`. */
export class EdgeHttpApi implements ServedApi {
  readonly #context: HttpApiContext;

  constructor(options: HttpApiOptions) {
    const { access, clientAddress } = options;
    const authenticate = async (request: FastifyRequest): Promise<Caller> =>
      allowed(await access(addressed(request, clientAddress)));
    const authenticateByKey = async (request: FastifyRequest): Promise<Caller> => {
      const caller = await authenticate(request);
      if (caller.token !== undefined)
        throw new HttpError('forbidden', 'this needs an API key with the scope admin, not a token');
      return caller;
    };
    this.#context = { ...options, authenticate, authenticateByKey };
  }

  addTo(app: FastifyInstance): void {
    app.register(
      async (plugin) => {
        const api = plugin.withTypeProvider<ZodTypeProvider>();
        api.setValidatorCompiler(validatorCompiler);
        api.setSerializerCompiler(serializerCompiler);
        api.removeContentTypeParser('text/plain');
        const parseJson = api.getDefaultJsonParser('error', 'error');
        api.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
          // Some clients label every request as JSON, also one without a body.
          if (body === '' && request.method === 'DELETE') done(null, undefined);
          else void parseJson(request, body, done);
        });
        api.setErrorHandler(errorHandler(this.#context));
        api.setNotFoundHandler(({ method, url }, reply) => {
          sendError(reply, new HttpError('not-found', `${method} ${url.split('?', 1)[0]} does not exist`));
        });
        await allowOtherOrigins(api, this.#context.policy);
        await collectSchemas(api);
        const refuseOtherMethods = watchMethods(api);
        addLanguagesRoute(api, this.#context);
        addTokensRoute(api, this.#context);
        addSessionsRoutes(api, this.#context);
        addTranscriptRoutes(api, this.#context);
        addListenRoute(api, this.#context);
        addEventsRoute(api, this.#context);
        addDocumentRoutes(api);
        refuseOtherMethods();
      },
      { prefix: '/v1' },
    );
  }

  async close(): Promise<void> {
    await this.#context.streams.close();
  }
}
