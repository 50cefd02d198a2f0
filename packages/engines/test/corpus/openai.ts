import type { ErrorAnswer } from './vendor.ts';

/** https://platform.openai.com/docs/guides/error-codes and .../guides/rate-limits */
export const openAiErrors: readonly ErrorAnswer[] = [
  {
    name: 'a parameter that the model does not take',
    statusCode: 400,
    body: {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'unsupported_parameter',
      },
    },
    becomes: 'rejected',
    refusedParameter: 'max_tokens',
  },
  {
    name: 'a value that the model does not take',
    statusCode: 400,
    body: {
      error: {
        message:
          "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
        type: 'invalid_request_error',
        param: 'temperature',
        code: 'unsupported_value',
      },
    },
    becomes: 'rejected',
    refusedParameter: 'temperature',
  },
  {
    name: 'a text that is too long',
    statusCode: 400,
    body: {
      error: {
        message: "This model's maximum context length is 128000 tokens.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: {
      error: {
        message: 'Incorrect API key provided: sk-wrong.',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'an unknown model',
    statusCode: 404,
    body: {
      error: {
        message: 'The model `gpt-none` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a rate limit',
    statusCode: 429,
    headers: {
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '120ms',
    },
    body: {
      error: {
        message:
          'Rate limit reached for gpt-4.1-mini on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms.',
        type: 'requests',
        param: null,
        code: 'rate_limit_exceeded',
      },
    },
    becomes: 'rate-limited',
    retryAfterMs: 120,
  },
  {
    name: 'a quota that is used up',
    statusCode: 429,
    body: {
      error: {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        param: null,
        code: 'insufficient_quota',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'an error of the server',
    statusCode: 500,
    body: {
      error: {
        message: 'The server had an error while processing your request.',
        type: 'server_error',
        param: null,
        code: null,
      },
    },
    becomes: 'unavailable',
  },
  {
    name: 'an overload',
    statusCode: 503,
    headers: { 'retry-after': '3' },
    body: {
      error: {
        message: 'The engine is currently overloaded, please try again later.',
        type: 'server_error',
        param: null,
        code: null,
      },
    },
    becomes: 'unavailable',
    retryAfterMs: 3000,
  },
];
