import type { ErrorAnswer } from './vendor.ts';

/** https://docs.ollama.com/api/openai-compatibility and https://docs.ollama.com/api/errors */
export const ollamaErrors: readonly ErrorAnswer[] = [
  {
    name: 'a request of a wrong form',
    statusCode: 400,
    body: {
      error: { message: "[] is too short - 'messages'", type: 'invalid_request_error', param: null, code: null },
    },
    becomes: 'rejected',
  },
  {
    name: 'a model that can not think',
    statusCode: 400,
    body: {
      error: {
        message: '"gemma3" does not support thinking',
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a key that its cloud does not know',
    statusCode: 401,
    body: { error: 'unauthorized' },
    becomes: 'rejected',
  },
  {
    name: 'a model that was not pulled',
    statusCode: 404,
    body: {
      error: {
        message: 'model "none" not found, try pulling it first',
        type: 'not_found_error',
        param: null,
        code: null,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: '404 page not found',
    becomes: 'rejected',
  },
  {
    name: 'a rate limit of its cloud',
    statusCode: 429,
    body: { error: { message: 'too many concurrent requests', type: 'api_error', param: null, code: null } },
    becomes: 'rate-limited',
  },
  {
    name: 'a model that does not start',
    statusCode: 500,
    body: {
      error: {
        message: 'llama runner process has terminated: exit status 2',
        type: 'api_error',
        param: null,
        code: null,
      },
    },
    becomes: 'unavailable',
  },
  {
    name: 'a full queue',
    statusCode: 503,
    body: {
      error: {
        message: 'server busy, please try again. maximum pending requests exceeded',
        type: 'api_error',
        param: null,
        code: null,
      },
    },
    becomes: 'unavailable',
  },
];
