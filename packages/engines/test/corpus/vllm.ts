import type { ErrorAnswer } from './vendor.ts';

/**
 * `ErrorResponse` of https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html: bare up to version 0.9, and
 * inside of `error` since.
 */
export const vllmErrors: readonly ErrorAnswer[] = [
  {
    name: 'a text that is too long, in the older form',
    statusCode: 400,
    body: {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'rejected',
  },
  {
    name: 'a text that is too long',
    statusCode: 400,
    body: {
      error: {
        message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        type: 'BadRequestError',
        param: 'input_tokens',
        code: 400,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a parameter that is not known, in an array',
    statusCode: 400,
    body: {
      object: 'error',
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'prediction'), 'msg': 'Extra inputs are not permitted', 'input': {}}]",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'rejected',
    refusedParameter: 'prediction',
  },
  {
    name: 'a chat template without a system role',
    statusCode: 400,
    body: {
      object: 'error',
      message: 'System role not supported',
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { error: 'Unauthorized' },
    becomes: 'rejected',
  },
  {
    name: 'an unknown model',
    statusCode: 404,
    body: {
      object: 'error',
      message: 'The model `none` does not exist.',
      type: 'NotFoundError',
      param: null,
      code: 404,
    },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { detail: 'Not Found' },
    becomes: 'rejected',
  },
  {
    name: 'an error of the server',
    statusCode: 500,
    body: {
      error: { message: 'EngineCore encountered an issue.', type: 'InternalServerError', param: null, code: 500 },
    },
    becomes: 'unavailable',
  },
  {
    name: 'an error of the server, as text',
    statusCode: 500,
    body: 'Internal Server Error',
    becomes: 'unavailable',
  },
];
