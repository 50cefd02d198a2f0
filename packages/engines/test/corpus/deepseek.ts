import type { ErrorAnswer } from './vendor.ts';

/** https://api-docs.deepseek.com/quick_start/error_codes */
export const deepSeekErrors: readonly ErrorAnswer[] = [
  {
    name: 'a request of a wrong form',
    statusCode: 400,
    body: {
      error: {
        message: 'Failed to deserialize the JSON body into the target type: missing field `messages`.',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_request_error',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: {
      error: {
        message: 'Authentication Fails, Your api key: ****wrong is invalid',
        type: 'authentication_error',
        param: null,
        code: 'invalid_request_error',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'an account without money',
    statusCode: 402,
    body: {
      error: {
        message: 'Insufficient Balance',
        type: 'unknown_error',
        param: null,
        code: 'invalid_request_error',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a value out of its range',
    statusCode: 422,
    body: {
      error: {
        message: 'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_request_error',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a rate limit, which tells no time',
    statusCode: 429,
    body: {
      error: { message: 'Rate limit reached', type: 'rate_limit_error', param: null, code: 'rate_limit_reached' },
    },
    becomes: 'rate-limited',
  },
  {
    name: 'an overload',
    statusCode: 503,
    body: {
      error: {
        message: 'Service is too busy. We advise users to temporarily switch to alternative providers.',
        type: 'service_unavailable_error',
        param: null,
        code: 'service_unavailable_error',
      },
    },
    becomes: 'unavailable',
  },
];
