import { z } from 'zod';

/** The codes of errors over HTTP, with their status. A test keeps this list and `docs/http-api.md` in step. */
export const httpErrorStatus = {
  'invalid-request': 400,
  'invalid-field': 400,
  'not-json': 400,
  'language-not-offered': 400,
  'language-unsupported': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'session-unknown': 404,
  'transcript-not-kept': 404,
  'join-code-unknown': 404,
  'method-not-allowed': 405,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'not-started': 425,
  'too-many-connections': 429,
  'too-many-sockets': 429,
  'too-many-listeners': 429,
  'too-many-tries': 429,
  internal: 500,
  'temporarily-unavailable': 503,
} as const satisfies Record<string, number>;

export type HttpErrorCode = keyof typeof httpErrorStatus;

const codes = Object.keys(httpErrorStatus) as [HttpErrorCode, ...HttpErrorCode[]];

/** The body of every error of the HTTP API. */
export const httpErrorSchema = z
  .object({
    error: z.object({
      code: z.enum(codes),
      message: z.string().describe('For developers; may change.'),
      param: z.string().optional().describe('The field or parameter that is missing or invalid.'),
    }),
  })
  .meta({ id: 'Error' });
export type HttpErrorBody = z.infer<typeof httpErrorSchema>;
