import type { ErrorAnswer } from './vendor.ts';

/** https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md */
export const llamaCppErrors: readonly ErrorAnswer[] = [
  {
    name: 'a text that is too long',
    statusCode: 400,
    body: {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 5000,
        n_ctx: 4096,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a chat template without a system role',
    statusCode: 500,
    body: {
      error: {
        code: 500,
        message: 'System role not supported at row 1, column 90',
        type: 'server_error',
      },
    },
    becomes: 'unavailable',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } },
    becomes: 'rejected',
  },
  {
    name: 'a feature that is turned off',
    statusCode: 501,
    body: { error: { code: 501, message: 'This feature is disabled.', type: 'not_supported_error' } },
    becomes: 'unavailable',
  },
  {
    name: 'a model that is still being loaded',
    statusCode: 503,
    body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    becomes: 'unavailable',
  },
];
