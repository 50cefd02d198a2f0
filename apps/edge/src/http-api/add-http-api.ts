import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { addressed, allowed, type Caller } from './caller.ts';
import type { HttpApiContext, HttpApiOptions } from './http-api.ts';
import { errorHandler, HttpError, sendError } from './http-error.ts';
import { addLanguagesRoute } from './languages-route.ts';
import { addSessionsRoutes } from './sessions-routes.ts';
import { addTokensRoute } from './tokens-route.ts';

/** Adds the HTTP API to a server; all of its routes are below `/v1`. */
export function addHttpApi(app: FastifyInstance, options: HttpApiOptions): void {
  const { access, clientAddress } = options;
  const authenticate = async (request: FastifyRequest): Promise<Caller> =>
    allowed(await access(addressed(request, clientAddress)));
  const authenticateByKey = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await authenticate(request);
    if (caller.token !== undefined) throw new HttpError('forbidden', 'this needs an API key, not a token');
    return caller;
  };
  const context: HttpApiContext = { ...options, authenticate, authenticateByKey };
  app.register(
    (plugin, _options, done) => {
      const api = plugin.withTypeProvider<ZodTypeProvider>();
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      api.removeContentTypeParser('text/plain');
      api.setErrorHandler(errorHandler(options));
      api.setNotFoundHandler((request, reply) => {
        sendError(
          reply,
          new HttpError('not-found', `${request.method} ${request.url.split('?', 1)[0]} does not exist`),
        );
      });
      addLanguagesRoute(api, context);
      addTokensRoute(api, context);
      addSessionsRoutes(api, context);
      done();
    },
    { prefix: '/v1' },
  );
}
