import { done, events, half, openAiUsage, sentence, usage, type ErrorAnswer, type Vendor } from './vendor.ts';

/**
 * `ErrorResponse` of https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html: bare up to version 0.9, and
 * inside of `error` since.
 */
const vllmErrors: readonly ErrorAnswer[] = [
  {
    name: 'a text that is too long, in the older form',
    statusCode: 400,
    body: {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'rejected',
  },
  {
    name: 'a text that is too long',
    statusCode: 400,
    body: {
      error: {
        message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        type: 'BadRequestError',
        param: 'input_tokens',
        code: 400,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a parameter that is not known, in an array',
    statusCode: 400,
    body: {
      object: 'error',
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'prediction'), 'msg': 'Extra inputs are not permitted', 'input': {}}]",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'rejected',
    refusedParameter: 'prediction',
  },
  {
    name: 'a chat template without a system role',
    statusCode: 400,
    body: {
      object: 'error',
      message: 'System role not supported',
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { error: 'Unauthorized' },
    becomes: 'rejected',
  },
  {
    name: 'an unknown model',
    statusCode: 404,
    body: {
      object: 'error',
      message: 'The model `none` does not exist.',
      type: 'NotFoundError',
      param: null,
      code: 404,
    },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { detail: 'Not Found' },
    becomes: 'rejected',
  },
  {
    name: 'an error of the server',
    statusCode: 500,
    body: {
      error: { message: 'EngineCore encountered an issue.', type: 'InternalServerError', param: null, code: 500 },
    },
    becomes: 'unavailable',
  },
  {
    name: 'an error of the server, as text',
    statusCode: 500,
    body: 'Internal Server Error',
    becomes: 'unavailable',
  },
];

const chunkOf = (delta: unknown, finishReason?: string | null, told?: unknown) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'test-model',
  choices: [
    {
      index: 0,
      delta,
      logprobs: null,
      ...(finishReason === undefined ? {} : { finish_reason: finishReason, stop_reason: null }),
      token_ids: null,
    },
  ],
  ...(told === undefined ? {} : { usage: told }),
});

const replyOf = (message: Record<string, unknown>, finishReason: string | null, told: unknown = openAiUsage) => ({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'test-model',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', refusal: null, tool_calls: [], reasoning_content: null, ...message },
      logprobs: null,
      finish_reason: finishReason,
      stop_reason: null,
    },
  ],
  usage: told,
  prompt_logprobs: null,
  kv_transfer_params: null,
});

const usageChunk = { ...chunkOf({}), choices: [], usage: { ...openAiUsage, prompt_tokens_details: null } };

export const vllm: Vendor = {
  name: 'vLLM',
  documentation: [
    'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
    'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
  ],
  basePath: '/v1',
  reply: (text) => replyOf({ content: text }, 'stop'),
  stream: (texts) =>
    events([
      chunkOf({ role: 'assistant', content: '' }, null),
      ...texts.map((content) => chunkOf({ content }, null)),
      chunkOf({ content: '' }, 'stop'),
      usageChunk,
      done,
    ]),
  // It has no limit of its own; what stands before it may have one.
  rateLimit: () => ({
    name: 'a rate limit of a proxy',
    statusCode: 429,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>429 Too Many Requests</title></head></html>',
    becomes: 'rate-limited',
  }),
  tellsWait: false,
  errors: vllmErrors,
  replies: [
    {
      name: 'a reply that does not tell the tokens of its text',
      stream: false,
      body: replyOf({ content: sentence }, 'stop', { prompt_tokens: 40, total_tokens: 47, completion_tokens: null }),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream that tells its usage with each chunk',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: '' }, null, {
          prompt_tokens: 40,
          total_tokens: 40,
          completion_tokens: 0,
        }),
        chunkOf({ content: 'Buenos días ' }, null, { prompt_tokens: 40, total_tokens: 43, completion_tokens: 3 }),
        chunkOf({ content: 'a todos.' }, 'stop', openAiUsage),
        done,
      ]),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream without the end of a chunk named',
      stream: true,
      body: events([chunkOf({ content: sentence }), chunkOf({ content: '' }, 'stop'), done]),
      becomes: { text: sentence },
    },
    {
      name: 'a reply whose parser took all of it for thoughts',
      stream: false,
      body: replyOf({ content: null, reasoning_content: 'They greet everybody.' }, 'length'),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
    {
      name: 'a reply that was aborted',
      stream: false,
      body: replyOf({ content: half }, 'abort'),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'a stream that was aborted',
      stream: true,
      body: events([chunkOf({ content: half }, null), chunkOf({ content: '' }, 'abort'), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'an error in mid-stream, and the end of the stream',
      stream: true,
      body: events([
        chunkOf({ content: half }, null),
        { error: { message: 'EngineCore encountered an issue.', type: 'BadRequestError', param: null, code: 400 } },
        done,
      ]),
      becomes: 'unavailable',
    },
    {
      name: 'an error in mid-stream, in the older form',
      stream: true,
      body: events([
        chunkOf({ content: half }, null),
        { object: 'error', message: 'The engine died.', type: 'InternalServerError', param: null, code: 500 },
        done,
      ]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'an end without a reason',
      stream: true,
      body: events([chunkOf({ content: half }, null), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
