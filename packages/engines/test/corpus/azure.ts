import type { ErrorAnswer } from './vendor.ts';

/** https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter and .../quotas-limits */
export const azureErrors: readonly ErrorAnswer[] = [
  {
    name: 'a text that the content filter stopped',
    statusCode: 400,
    body: {
      error: {
        message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: {
            hate: { filtered: true, severity: 'medium' },
            self_harm: { filtered: false, severity: 'safe' },
          },
        },
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a parameter that the API version does not know',
    statusCode: 400,
    body: {
      error: {
        message: 'Unrecognized request argument supplied: max_completion_tokens',
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: {
      error: {
        code: '401',
        message: 'Access denied due to invalid subscription key or wrong API endpoint.',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a missing key, as its gateway puts it',
    statusCode: 401,
    body: { statusCode: 401, message: 'Unauthorized. Access token is missing, invalid, or expired.' },
    becomes: 'rejected',
  },
  {
    name: 'an unknown deployment',
    statusCode: 404,
    body: {
      error: {
        code: 'DeploymentNotFound',
        message: 'The API deployment for this resource does not exist.',
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { error: { code: '404', message: 'Resource not found' } },
    becomes: 'rejected',
  },
  {
    name: 'a rate limit',
    statusCode: 429,
    headers: { 'retry-after-ms': '2500', 'retry-after': '3' },
    body: {
      error: {
        code: '429',
        message:
          'Requests to the Chat Completions operation have exceeded the rate limit of your current tier. Please retry after 3 seconds.',
      },
    },
    becomes: 'rate-limited',
    retryAfterMs: 2500,
  },
  {
    name: 'a rate limit, told in words alone',
    statusCode: 429,
    body: {
      error: {
        code: '429',
        message:
          'Requests to the Chat Completions operation have exceeded the token rate limit. Please retry after 6 seconds.',
      },
    },
    becomes: 'rate-limited',
    retryAfterMs: 6000,
  },
  {
    name: 'an error of the server',
    statusCode: 500,
    body: { error: { code: 'InternalServerError', message: 'Backend returned unexpected response.' } },
    becomes: 'unavailable',
  },
  {
    name: 'a busy backend, as its gateway puts it',
    statusCode: 503,
    body: { statusCode: 503, message: 'Service Unavailable' },
    becomes: 'unavailable',
  },
];
