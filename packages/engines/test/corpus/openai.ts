import { done, events, half, openAiUsage, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://platform.openai.com/docs/guides/error-codes and .../guides/rate-limits */
const openAiErrors: readonly ErrorAnswer[] = [
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

const chunkOf = (delta: unknown, finishReason: string | null = null) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'gpt-4.1-mini',
  service_tier: 'default',
  system_fingerprint: 'fp_test',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  usage: null,
  obfuscation: 'xYz',
});

const replyOf = (message: Record<string, unknown>, finishReason: string) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'gpt-4.1-mini',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', refusal: null, annotations: [], ...message },
      logprobs: null,
      finish_reason: finishReason,
    },
  ],
  usage: {
    ...openAiUsage,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  },
  service_tier: 'default',
  system_fingerprint: 'fp_test',
});

const begin = chunkOf({ role: 'assistant', content: '', refusal: null });
const usageChunk = { ...chunkOf({}), choices: [], usage: openAiUsage };

export const openAi: Vendor = {
  name: 'OpenAI',
  documentation: [
    'https://platform.openai.com/docs/api-reference/chat/object',
    'https://platform.openai.com/docs/api-reference/chat-streaming/streaming',
  ],
  basePath: '/v1',
  reply: (text) => replyOf({ content: text }, 'stop'),
  stream: (texts) =>
    events([begin, ...texts.map((content) => chunkOf({ content })), chunkOf({}, 'stop'), usageChunk, done]),
  rateLimit: (waitMs) => ({
    name: 'a rate limit',
    statusCode: 429,
    body: {
      error: {
        message: `Rate limit reached for gpt-4.1-mini on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in ${waitMs / 1000}s.`,
        type: 'requests',
        param: null,
        code: 'rate_limit_exceeded',
      },
    },
    becomes: 'rate-limited',
  }),
  tellsWait: true,
  errors: openAiErrors,
  replies: [
    {
      name: 'a reply that came to its limit',
      stream: false,
      body: replyOf({ content: half }, 'length'),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a stream that came to its limit',
      stream: true,
      body: events([begin, chunkOf({ content: half }), chunkOf({}, 'length'), usageChunk, done]),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a reply that a filter cut',
      stream: false,
      body: replyOf({ content: half }, 'content_filter'),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a refusal',
      stream: false,
      body: replyOf({ content: null, refusal: 'That can not be done.' }, 'stop'),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a refusal, streamed',
      stream: true,
      body: events([
        begin,
        chunkOf({ refusal: 'That can not ' }),
        chunkOf({ refusal: 'be done.' }),
        chunkOf({}, 'stop'),
        done,
      ]),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a call of a function that nobody offered',
      stream: false,
      body: replyOf({ content: null, tool_calls: [{ id: 'call', type: 'function', function: {} }] }, 'tool_calls'),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'an error in mid-stream',
      stream: true,
      body: events([
        begin,
        chunkOf({ content: half }),
        { error: { message: 'The server had an error.', type: 'server_error', param: null, code: null } },
      ]),
      becomes: 'unavailable',
    },
    {
      name: 'an event that is called an error',
      stream: true,
      body: events([
        begin,
        chunkOf({ content: half }),
        'event: error\ndata: {"message":"The server had an error.","type":"server_error"}\n\n',
      ]),
      becomes: 'unavailable',
    },
  ],
};
