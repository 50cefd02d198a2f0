import { done, events, half, openAiUsage, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://openrouter.ai/docs/api/reference/errors-and-debugging */
const openRouterErrors: readonly ErrorAnswer[] = [
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

const chunkOf = (delta: unknown, finishReason: string | null = null, more: Record<string, unknown> = {}) => ({
  id: 'gen-test',
  provider: 'Test',
  model: 'openai/gpt-4.1-mini',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  choices: [{ index: 0, delta, finish_reason: finishReason, native_finish_reason: finishReason, logprobs: null }],
  ...more,
});

const allUsage = { ...openAiUsage, cost: 0.00042, is_byok: false, cost_details: { upstream_inference_cost: null } };

const replyOf = (content: string, finishReason: string | null, more: Record<string, unknown> = {}) => ({
  id: 'gen-test',
  provider: 'Test',
  model: 'openai/gpt-4.1-mini',
  object: 'chat.completion',
  created: 1_771_200_000,
  choices: [
    {
      logprobs: null,
      finish_reason: finishReason,
      native_finish_reason: finishReason,
      index: 0,
      message: { role: 'assistant', content, refusal: '', reasoning: null },
      ...more,
    },
  ],
  usage: allUsage,
});

export const openRouter: Vendor = {
  name: 'OpenRouter',
  documentation: [
    'https://openrouter.ai/docs/api-reference/overview',
    'https://openrouter.ai/docs/api-reference/streaming',
    'https://openrouter.ai/docs/api/reference/errors-and-debugging',
  ],
  basePath: '/api/v1',
  reply: (text) => replyOf(text, 'stop'),
  stream: (texts) =>
    events([
      ': OPENROUTER PROCESSING\n\n',
      ': OPENROUTER PROCESSING\n\n',
      ...texts.map((content) => chunkOf({ role: 'assistant', content })),
      chunkOf({ role: 'assistant', content: '' }, 'stop'),
      chunkOf({ role: 'assistant', content: '' }, null, { usage: allUsage }),
      done,
    ]),
  rateLimit: (waitMs) => ({
    name: 'a rate limit',
    statusCode: 429,
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
    body: { error: { message: 'Rate limit exceeded', code: 429 } },
    becomes: 'rate-limited',
  }),
  tellsWait: true,
  errors: openRouterErrors,
  replies: [
    {
      name: 'an error in place of a reply',
      stream: false,
      body: { error: { message: 'Provider returned error', code: 502 }, user_id: 'user_test' },
      becomes: 'unavailable',
    },
    {
      name: 'a rate limit in place of a reply',
      stream: false,
      body: { error: { message: 'Rate limit exceeded', code: 429 }, user_id: 'user_test' },
      becomes: 'rate-limited',
    },
    {
      name: 'an error in the choice',
      stream: false,
      body: replyOf(half, null, { error: { code: 502, message: 'Provider disconnected unexpectedly' } }),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'an end by an error',
      stream: false,
      body: replyOf(half, 'error'),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'an error in mid-stream',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: half }),
        chunkOf({ content: '' }, 'error', {
          error: { code: 'server_error', message: 'Provider disconnected unexpectedly' },
        }),
      ]),
      becomes: 'unavailable',
    },
    {
      name: 'a rate limit in mid-stream',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: half }),
        chunkOf({ content: '' }, 'error', { error: { code: 429, message: 'Rate limit exceeded' } }),
      ]),
      becomes: 'rate-limited',
    },
    {
      name: 'a stream that ended by an error, without the error',
      stream: true,
      body: events([chunkOf({ role: 'assistant', content: half }), chunkOf({ content: '' }, 'error'), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'an error in the choice of a chunk',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: half }),
        {
          ...chunkOf({}),
          choices: [{ index: 0, delta: { content: '' }, error: { code: 502, message: 'Bad gateway' } }],
        },
        done,
      ]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
