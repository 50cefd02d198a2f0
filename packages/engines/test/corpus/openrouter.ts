import type { ErrorAnswer } from './vendor.ts';

/** https://openrouter.ai/docs/api/reference/errors-and-debugging */
export const openRouterErrors: readonly ErrorAnswer[] = [
  {
    name: 'a model that does not exist',
    statusCode: 400,
    body: { error: { message: 'none/none is not a valid model ID', code: 400 }, user_id: 'user_test' },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { error: { message: 'No auth credentials found', code: 401 } },
    becomes: 'rejected',
  },
  {
    name: 'an account without credits',
    statusCode: 402,
    body: { error: { message: 'Insufficient credits. Add more to continue.', code: 402 } },
    becomes: 'rejected',
  },
  {
    name: 'a text that moderation flagged',
    statusCode: 403,
    body: {
      error: {
        code: 403,
        message: 'The chosen model requires moderation and your input was flagged.',
        metadata: { reasons: ['violence'], flagged_input: 'Good morning', provider_name: 'Test', model_slug: 'a/b' },
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'no endpoint that takes the parameters',
    statusCode: 404,
    body: { error: { message: 'No endpoints found that can handle the requested parameters.', code: 404 } },
    becomes: 'rejected',
  },
  {
    name: 'a time-out',
    statusCode: 408,
    body: { error: { message: 'Request timed out', code: 408 } },
    becomes: 'unavailable',
  },
  {
    name: 'a rate limit of the provider behind it',
    statusCode: 429,
    headers: { 'retry-after': '2' },
    body: {
      error: {
        message: 'Provider returned error',
        code: 429,
        metadata: { raw: 'a/b is temporarily rate-limited upstream.', provider_name: 'Test' },
      },
      user_id: 'user_test',
    },
    becomes: 'rate-limited',
    retryAfterMs: 2000,
  },
  {
    name: 'a provider that is down',
    statusCode: 502,
    body: { error: { message: 'Provider returned error', code: 502, metadata: { provider_name: 'Test', raw: '' } } },
    becomes: 'unavailable',
  },
  {
    name: 'no provider',
    statusCode: 503,
    body: { error: { message: 'No instances available', code: 503 } },
    becomes: 'unavailable',
  },
];
