import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { ApiError, unsupportedPair } from './api-error.ts';
import type { EngineParts } from './engine-parts.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { debug } from './routes/debug.ts';
import { health } from './routes/health.ts';
import { models } from './routes/models.ts';
import { TranslatorUnavailableError, UnsupportedPairError } from './translators/translator.ts';

/** Creates the HTTP server, which is not listening yet. All errors have OpenAI's format. */
export function createServer(parts: EngineParts): FastifyInstance {
  const app = fastify({ logger: false });
  parts.connections.attach(app);
  app.setNotFoundHandler((request) => {
    throw new ApiError(404, `unknown address: ${request.method} ${request.url}`, { code: 'unknown_url' });
  });
  app.setErrorHandler((error, _request, reply) => {
    const apiError = toApiError(error);
    // A disconnected client has aborted its request, which is no failure.
    if (apiError.status >= 500 && !reply.raw.destroyed) parts.logger.error({ err: error }, 'request failed');
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

/** Errors of the framework: an invalid or oversized body, an unsupported method or media type. */
function isFastifyError(error: unknown): error is FastifyError & { statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
