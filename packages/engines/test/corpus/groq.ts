import type { ErrorAnswer } from './vendor.ts';

/** https://console.groq.com/docs/errors and .../docs/rate-limits */
export const groqErrors: readonly ErrorAnswer[] = [
  {
    name: 'a property that is not supported',
    statusCode: 400,
    body: {
      error: {
        message: "property 'prediction' is unsupported",
        type: 'invalid_request_error',
      },
    },
    becomes: 'rejected',
    refusedParameter: 'prediction',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { error: { message: 'Invalid API Key', type: 'invalid_request_error', code: 'invalid_api_key' } },
    becomes: 'rejected',
  },
  {
    name: 'an unknown model',
    statusCode: 404,
    body: {
      error: {
        message: 'The model `none` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        code: 'model_not_found',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a text that is too long for the limit of a minute',
    statusCode: 413,
    body: {
      error: {
        message:
          'Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 6294, please reduce your message size and try again.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a text that can not be processed',
    statusCode: 422,
    body: { error: { message: 'The request could not be processed semantically.', type: 'invalid_request_error' } },
    becomes: 'rejected',
  },
  {
    name: 'a rate limit, told in a header and in words',
    statusCode: 429,
    headers: {
      'retry-after': '7',
      'x-ratelimit-limit-requests': '14400',
      'x-ratelimit-remaining-requests': '14370',
      'x-ratelimit-reset-requests': '2m59.56s',
      'x-ratelimit-limit-tokens': '6000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6.78s',
    },
    body: {
      error: {
        message:
          'Rate limit reached for model `llama` in organization `org_test` on tokens per minute (TPM): Limit 6000, Used 3513, Requested 3166. Please try again in 6.780999999s.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    becomes: 'rate-limited',
    retryAfterMs: 7000,
  },
  {
    name: 'no capacity',
    statusCode: 498,
    body: { error: { message: 'Flex tier capacity exceeded.', type: 'capacity_exceeded' } },
    becomes: 'unavailable',
  },
  {
    name: 'an overload',
    statusCode: 503,
    body: { error: { message: 'Service Unavailable', type: 'internal_server_error' } },
    becomes: 'unavailable',
  },
];
