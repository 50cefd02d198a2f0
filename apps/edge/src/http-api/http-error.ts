import { httpErrorSchema, httpErrorStatus, type HttpErrorBody, type HttpErrorCode } from '@parley/protocol/http-api';
import type { FastifyError, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { notStartedRetrySeconds } from '../server/upgrade.ts';

/** The error replies of every route, for its schema. */
export const errorReplies = { '4xx': httpErrorSchema, '5xx': httpErrorSchema } as const;

/** A request that can't be served; its code and message are sent to the client. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  readonly param: string | undefined;
  /** When to try again, if that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: HttpErrorCode, message: string, param?: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.param = param;
    this.retryAfterSeconds = code === 'not-started' ? notStartedRetrySeconds : retryAfterSeconds;
  }
}

/** The codes of errors that Fastify finds before a handler runs, by its own error codes. */
const fastifyErrors: Readonly<Record<string, HttpErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'not-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'not-json',
};

/** What to send for an error; `undefined` if it is the server's own. Pure. */
export function clientError(error: unknown): HttpError | undefined {
  if (error instanceof HttpError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const unknownKey = unknownKeyIn(first?.params);
    if (unknownKey !== undefined)
      return new HttpError('invalid-field', `${unknownKey}: is not a known field`, unknownKey);
    const path = first?.instancePath.slice(1).split('/') ?? [];
    // A query has no structure of its own: `lang.0` is made of `lang=es,fr`.
    const param = (error.validationContext === 'body' ? path : path.slice(0, 1)).join('.');
    const problem = first?.message ?? 'is not valid';
    return param === ''
      ? new HttpError('invalid-field', `the ${error.validationContext ?? 'request'}: ${problem}`)
      : new HttpError('invalid-field', `${param}: ${problem}`, param);
  }
  // Fastify's own errors are made without the constructor of Error, so only their fields tell.
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>;
  const known = fastifyErrors[code] ?? (statusCode >= 400 && statusCode < 500 ? 'invalid-request' : undefined);
  if (known === 'unsupported-media-type') return new HttpError(known, 'send JSON with Content-Type: application/json');
  return known && new HttpError(known, message);
}

/** The misspelled field of a strict schema, which zod reports for the object that has it. */
function unknownKeyIn(params: unknown): string | undefined {
  const { keys } = (params ?? {}) as { keys?: unknown };
  const [key] = Array.isArray(keys) ? (keys as unknown[]) : [];
  return typeof key === 'string' ? key.slice(0, 100) : undefined;
}

export function errorBody({ code, message, param }: HttpError): HttpErrorBody {
  return { error: { code, message, ...(param === undefined ? {} : { param }) } };
}

/** Sends an error in the format of the HTTP API. */
export function sendError(reply: FastifyReply, error: HttpError): FastifyReply {
  // RFC 9110, section 11.6.1: a 401 response names the authentication scheme.
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
  return reply.code(httpErrorStatus[error.code]).send(errorBody(error));
}
