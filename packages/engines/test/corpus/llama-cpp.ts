import { done, events, half, openAiUsage, sentence, usage, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md */
const llamaCppErrors: readonly ErrorAnswer[] = [
  {
    name: 'a text that is too long',
    statusCode: 400,
    body: {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 5000,
        n_ctx: 4096,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a chat template without a system role',
    statusCode: 500,
    body: {
      error: {
        code: 500,
        message: 'System role not supported at row 1, column 90',
        type: 'server_error',
      },
    },
    becomes: 'unavailable',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } },
    becomes: 'rejected',
  },
  {
    name: 'a feature that is turned off',
    statusCode: 501,
    body: { error: { code: 501, message: 'This feature is disabled.', type: 'not_supported_error' } },
    becomes: 'unavailable',
  },
  {
    name: 'a model that is still being loaded',
    statusCode: 503,
    body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    becomes: 'unavailable',
  },
];

/** Extras of each reply: how fast it was. */
const timings = { prompt_n: 40, prompt_ms: 12.5, predicted_n: 7, predicted_ms: 70.1, predicted_per_second: 99.8 };

const chunkOf = (delta: unknown, finishReason: string | null = null) => ({
  choices: [{ finish_reason: finishReason, index: 0, delta }],
  created: 1_771_200_000,
  id: 'chatcmpl-test',
  model: 'test-model',
  system_fingerprint: 'b6000-test',
  object: 'chat.completion.chunk',
});

const replyOf = (message: Record<string, unknown>, finishReason: string) => ({
  choices: [{ finish_reason: finishReason, index: 0, message: { role: 'assistant', ...message } }],
  created: 1_771_200_000,
  model: 'test-model',
  system_fingerprint: 'b6000-test',
  object: 'chat.completion',
  usage: openAiUsage,
  id: 'chatcmpl-test',
  timings,
});

const usageChunk = { ...chunkOf({}), choices: [], usage: openAiUsage, timings };

export const llamaCpp: Vendor = {
  name: 'llama.cpp',
  documentation: ['https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md'],
  basePath: '/v1',
  reply: (text) => replyOf({ content: text }, 'stop'),
  stream: (texts) =>
    events([
      chunkOf({ role: 'assistant', content: null }),
      ...texts.map((content) => chunkOf({ content })),
      chunkOf({}, 'stop'),
      usageChunk,
      done,
    ]),
  // It has no limit of its own; what stands before it may have one.
  rateLimit: () => ({
    name: 'a rate limit of a proxy',
    statusCode: 429,
    body: 'Too Many Requests',
    becomes: 'rate-limited',
  }),
  tellsWait: false,
  errors: llamaCppErrors,
  replies: [
    {
      name: 'a reply with its thoughts',
      stream: false,
      body: replyOf({ reasoning_content: 'They greet everybody.', content: sentence }, 'stop'),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream of an older version, whose last chunk tells the usage',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: null }),
        chunkOf({ content: sentence }),
        { ...chunkOf({}, 'stop'), usage: openAiUsage, timings },
        done,
      ]),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream that came to its limit',
      stream: true,
      body: events([chunkOf({ content: half }), chunkOf({}, 'length'), usageChunk, done]),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'an error in mid-stream',
      stream: true,
      body: events([
        chunkOf({ content: half }),
        { error: { code: 500, message: 'context shift is disabled', type: 'server_error' } },
        done,
      ]),
      becomes: 'unavailable',
    },
    {
      name: 'an error in mid-stream, in the field of an older version',
      stream: true,
      body: `${events([chunkOf({ content: half })])}error: {"code":500,"message":"context shift is disabled","type":"server_error"}\n\n`,
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
