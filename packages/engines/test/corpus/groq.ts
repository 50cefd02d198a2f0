import { done, events, half, openAiUsage, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://console.groq.com/docs/errors and .../docs/rate-limits */
const groqErrors: readonly ErrorAnswer[] = [
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

const chunkOf = (delta: unknown, finishReason: string | null = null, groqData?: unknown) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'llama-3.3-70b-versatile',
  system_fingerprint: 'fp_test',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  ...(groqData === undefined ? {} : { x_groq: groqData }),
});

/** Counts and times. */
const allUsage = {
  queue_time: 0.02,
  prompt_time: 0.004,
  completion_time: 0.03,
  total_time: 0.034,
  ...openAiUsage,
};

const replyOf = (content: string, finishReason: string) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'llama-3.3-70b-versatile',
  choices: [{ index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: finishReason }],
  usage: allUsage,
  usage_breakdown: null,
  system_fingerprint: 'fp_test',
  x_groq: { id: 'req_test' },
  service_tier: 'on_demand',
});

export const groq: Vendor = {
  name: 'Groq',
  documentation: ['https://console.groq.com/docs/api-reference#chat-create', 'https://console.groq.com/docs/errors'],
  basePath: '/openai/v1',
  reply: (text) => replyOf(text, 'stop'),
  // The usage of a stream stands in a field of its own.
  stream: (texts) =>
    events([
      chunkOf({ role: 'assistant', content: '' }, null, { id: 'req_test' }),
      ...texts.map((content) => chunkOf({ content })),
      chunkOf({}, 'stop', { id: 'req_test', usage: allUsage }),
      done,
    ]),
  rateLimit: (waitMs) => ({
    name: 'a rate limit',
    statusCode: 429,
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
    body: {
      error: {
        message: `Rate limit reached for model. Please try again in ${waitMs / 1000}s.`,
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    becomes: 'rate-limited',
  }),
  tellsWait: true,
  errors: groqErrors,
  replies: [
    {
      name: 'a stream that came to its limit',
      stream: true,
      body: events([chunkOf({ content: half }), chunkOf({}, 'length', { id: 'req_test', usage: allUsage }), done]),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'an error in mid-stream',
      stream: true,
      body: events([
        chunkOf({ content: half }),
        'event: error\ndata: {"error":{"message":"Over capacity.","type":"internal_server_error","status_code":503}}\n\n',
      ]),
      becomes: 'unavailable',
    },
    {
      name: 'an error in the field of its own',
      stream: true,
      body: events([chunkOf({ content: half }), chunkOf({}, null, { id: 'req_test', error: 'over_capacity' }), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
