import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { ApiError, unsupportedPair } from './api-error.ts';
import type { EngineParts } from './engine-parts.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { debug } from './routes/debug.ts';
import { health } from './routes/health.ts';
import { models } from './routes/models.ts';
import { TranslatorUnavailableError, UnsupportedPairError } from './translators/translator.ts';

/** The HTTP server, not listening yet. Every error has OpenAI's form. */
export function createServer(parts: EngineParts): FastifyInstance {
  const app = fastify({ logger: false });
  parts.connections.attach(app);
  app.setNotFoundHandler((request) => {
    throw new ApiError(404, `unknown address: ${request.method} ${request.url}`, { code: 'unknown_url' });
  });
  app.setErrorHandler((error, _request, reply) => {
    const apiError = toApiError(error);
    // A client that left has aborted its request: nobody reads the answer.
    if (apiError.status >= 500 && !reply.raw.destroyed) parts.logger.error({ err: error }, 'a request failed');
    return reply.code(apiError.status).headers(apiError.headers).send(apiError.body);
  });
  chatCompletions(app, parts);
  models(app, parts);
  health(app, parts);
  debug(app, parts);
  return app;
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof UnsupportedPairError) return unsupportedPair(error.pair, error.known);
  if (error instanceof TranslatorUnavailableError) {
    return new ApiError(503, error.message, { code: 'translator_unavailable', cause: error });
  }
  if (isFastifyError(error)) return new ApiError(error.statusCode, error.message, { cause: error });
  return new ApiError(500, 'internal error', { cause: error });
}

/** The framework's own refusals: a body that is no JSON or too large, a method or media type that isn't taken. */
function isFastifyError(error: unknown): error is FastifyError & { statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
