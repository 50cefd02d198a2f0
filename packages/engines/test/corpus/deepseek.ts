import { done, events, half, openAiUsage, sentence, usage, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://api-docs.deepseek.com/quick_start/error_codes */
const deepSeekErrors: readonly ErrorAnswer[] = [
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

const chunkOf = (delta: unknown, finishReason: string | null = null, told: unknown = null) => ({
  id: 'test',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'deepseek-chat',
  system_fingerprint: 'fp_test',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  usage: told,
});

const allUsage = {
  ...openAiUsage,
  prompt_tokens_details: { cached_tokens: 0 },
  prompt_cache_hit_tokens: 0,
  prompt_cache_miss_tokens: 40,
};

const replyOf = (message: Record<string, unknown>, finishReason: string) => ({
  id: 'test',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'deepseek-chat',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, logprobs: null, finish_reason: finishReason }],
  usage: allUsage,
  system_fingerprint: 'fp_test',
});

export const deepSeek: Vendor = {
  name: 'DeepSeek',
  documentation: [
    'https://api-docs.deepseek.com/api/create-chat-completion',
    'https://api-docs.deepseek.com/quick_start/rate_limit',
  ],
  basePath: '',
  reply: (text) => replyOf({ content: text }, 'stop'),
  // While a request waits for its turn, comments come.
  stream: (texts) =>
    events([
      ': keep-alive\n\n',
      ': keep-alive\n\n',
      chunkOf({ role: 'assistant', content: '' }),
      ...texts.map((content) => chunkOf({ content })),
      chunkOf({ content: '' }, 'stop', allUsage),
      done,
    ]),
  rateLimit: () => ({
    name: 'a rate limit',
    statusCode: 429,
    body: {
      error: { message: 'Rate limit reached', type: 'rate_limit_error', param: null, code: 'rate_limit_reached' },
    },
    becomes: 'rate-limited',
  }),
  tellsWait: false,
  errors: deepSeekErrors,
  replies: [
    {
      name: 'a reply after empty lines, which come while it waits for its turn',
      stream: false,
      body: `\n\n\n\n${JSON.stringify(replyOf({ content: sentence }, 'stop'))}`,
      becomes: { text: sentence, usage },
    },
    {
      name: 'a reply with its thoughts',
      stream: false,
      body: replyOf({ content: sentence, reasoning_content: 'They greet everybody.' }, 'stop'),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream with its thoughts first',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: null, reasoning_content: '' }),
        chunkOf({ content: null, reasoning_content: 'They greet everybody.' }),
        chunkOf({ content: sentence, reasoning_content: null }),
        chunkOf({ content: '', reasoning_content: null }, 'stop', allUsage),
        done,
      ]),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a reply that was interrupted for want of resources',
      stream: false,
      body: replyOf({ content: half }, 'insufficient_system_resource'),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'a stream that was interrupted for want of resources',
      stream: true,
      body: events([chunkOf({ content: half }), chunkOf({ content: '' }, 'insufficient_system_resource'), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
