import type { HttpErrorCode } from '@parley/protocol/http-api';
import { redisErrorCode } from '@parley/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessUnknownError } from '../access/edge-access.ts';
import { addressed } from './caller.ts';
import type { HttpApiContext } from './http-api.ts';
import { clientError, HttpError, sendError } from './http-error.ts';

/** The errors that count as refusals; refused access is counted where it is decided. */
const invalidRequests: ReadonlySet<HttpErrorCode> = new Set([
  'invalid-request',
  'invalid-field',
  'not-json',
  'body-too-large',
  'unsupported-media-type',
]);

/** Fastify's error handler for the HTTP API; errors of the server are logged, and sent without details. */
export function errorHandler({
  logger,
  isRedisReady,
  refusals,
  clientAddress,
}: Pick<HttpApiContext, 'logger' | 'isRedisReady' | 'refusals' | 'clientAddress'>) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = clientError(error);
    if (problem !== undefined) {
      if (invalidRequests.has(problem.code)) refusals.record('invalid-request', addressed(request, clientAddress));
      return sendError(reply, problem);
    }
    logger.error({ err: error }, 'handling an HTTP request failed');
    return redisErrorCode(error) !== undefined || error instanceof AccessUnknownError || !isRedisReady()
      ? sendError(reply, new HttpError('temporarily-unavailable', 'Redis is unavailable; try again'))
      : sendError(reply, new HttpError('internal', 'the request could not be handled; try again'));
  };
}
