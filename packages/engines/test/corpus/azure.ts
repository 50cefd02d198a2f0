import { done, events, half, openAiUsage, sentence, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter and .../quotas-limits */
const azureErrors: readonly ErrorAnswer[] = [
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

const safe = { filtered: false, severity: 'safe' };
const filterResults = { hate: safe, self_harm: safe, sexual: safe, violence: safe };

const chunkOf = (delta: unknown, finishReason: string | null = null) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'gpt-4.1-mini-2025-04-14',
  choices: [{ index: 0, delta, content_filter_results: filterResults, logprobs: null, finish_reason: finishReason }],
  system_fingerprint: 'fp_test',
  usage: null,
});

const replyOf = (content: string, finishReason: string) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'gpt-4.1-mini-2025-04-14',
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: filterResults }],
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content },
      content_filter_results: filterResults,
      logprobs: null,
      finish_reason: finishReason,
    },
  ],
  usage: openAiUsage,
});

/** The filter's word on the request comes first, in a chunk without choices. */
const promptChunk = {
  id: '',
  object: '',
  created: 0,
  model: '',
  choices: [],
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: filterResults }],
};
const usageChunk = { ...chunkOf({}), choices: [], usage: openAiUsage };

const azure: Omit<Vendor, 'name' | 'documentation' | 'basePath'> = {
  reply: (text) => replyOf(text, 'stop'),
  stream: (texts) =>
    events([
      promptChunk,
      chunkOf({ role: 'assistant', content: '' }),
      ...texts.map((content) => chunkOf({ content })),
      chunkOf({}, 'stop'),
      usageChunk,
      done,
    ]),
  rateLimit: (waitMs) => ({
    name: 'a rate limit',
    statusCode: 429,
    headers: { 'retry-after-ms': String(waitMs), 'retry-after': String(Math.ceil(waitMs / 1000)) },
    body: { error: { code: '429', message: 'Requests have exceeded the rate limit of your current tier.' } },
    becomes: 'rate-limited',
  }),
  tellsWait: true,
  errors: azureErrors,
  replies: [
    {
      name: 'a reply that the filter cut',
      stream: false,
      body: replyOf(half, 'content_filter'),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a stream that the filter cut',
      stream: true,
      body: events([promptChunk, chunkOf({ content: half }), chunkOf({}, 'content_filter'), done]),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a stream with words of the filter after its text, as the asynchronous filter sends them',
      stream: true,
      body: events([
        promptChunk,
        chunkOf({ content: sentence }),
        {
          id: '',
          object: '',
          created: 0,
          model: '',
          choices: [
            {
              index: 0,
              finish_reason: null,
              content_filter_results: filterResults,
              content_filter_offsets: { check_offset: 44, start_offset: 44, end_offset: 198 },
            },
          ],
          usage: null,
        },
        chunkOf({}, 'stop'),
        done,
      ]),
      becomes: { text: sentence },
    },
  ],
};

/** The API of a resource as such, in OpenAI's own paths. */
export const azureNew: Vendor = {
  ...azure,
  name: 'Azure OpenAI (v1)',
  documentation: ['https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle'],
  basePath: '/openai/v1',
};

/** The API of a deployment, with its version in the query. */
export const azureOld: Vendor = {
  ...azure,
  name: 'Azure OpenAI (deployments)',
  documentation: ['https://learn.microsoft.com/azure/ai-foundry/openai/reference'],
  basePath: '/openai/deployments/translator',
  query: '?api-version=2024-10-21',
};
