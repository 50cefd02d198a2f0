import type { ErrorAnswer } from './vendor.ts';

/** https://docs.mistral.ai/api/ (HTTPValidationError) and https://docs.mistral.ai/resources/error-glossary */
export const mistralErrors: readonly ErrorAnswer[] = [
  {
    name: 'a parameter that is not known, as the validator tells it',
    statusCode: 422,
    body: {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'max_completion_tokens'],
          msg: 'Extra inputs are not permitted',
          input: 512,
        },
      ],
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'two parameters that are not known',
    statusCode: 422,
    body: {
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted', input: {} },
        {
          type: 'extra_forbidden',
          loc: ['body', 'max_completion_tokens'],
          msg: 'Extra inputs are not permitted',
          input: 512,
        },
      ],
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'a parameter that is not known, inside of the error object',
    statusCode: 422,
    body: {
      object: 'error',
      message: {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'max_completion_tokens'],
            msg: 'Extra inputs are not permitted',
            input: 512,
          },
        ],
      },
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'an unknown model',
    statusCode: 400,
    body: {
      object: 'error',
      message: 'Invalid model: mistral-none',
      type: 'invalid_model',
      param: null,
      code: '1500',
      raw_status_code: 400,
    },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { message: 'Unauthorized', request_id: '5b1c0e5f' },
    becomes: 'rejected',
  },
  {
    name: 'a bad key, as the API puts it',
    statusCode: 401,
    body: { detail: 'Unauthorized' },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { message: 'no Route matched with those values', request_id: '5b1c0e60' },
    becomes: 'rejected',
  },
  {
    name: 'a rate limit, which tells no time',
    statusCode: 429,
    body: {
      object: 'error',
      message: 'Rate limit exceeded',
      type: 'rate_limited',
      param: null,
      code: '1300',
      raw_status_code: 429,
    },
    becomes: 'rate-limited',
  },
  {
    name: 'a rate limit, as the gateway puts it',
    statusCode: 429,
    body: { message: 'Requests rate limit exceeded' },
    becomes: 'rate-limited',
  },
  {
    name: 'an overload',
    statusCode: 503,
    body: {
      object: 'error',
      message: 'Service unavailable.',
      type: 'internal_server_error',
      param: null,
      code: '1000',
    },
    becomes: 'unavailable',
  },
];
