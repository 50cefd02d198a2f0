import { done, events, half, openAiUsage, parts, sentence, usage, type ErrorAnswer, type Vendor } from './vendor.ts';

/** https://docs.ollama.com/api/openai-compatibility and https://docs.ollama.com/api/errors */
const ollamaErrors: readonly ErrorAnswer[] = [
  {
    name: 'a request of a wrong form',
    statusCode: 400,
    body: {
      error: { message: "[] is too short - 'messages'", type: 'invalid_request_error', param: null, code: null },
    },
    becomes: 'rejected',
  },
  {
    name: 'a model that can not think',
    statusCode: 400,
    body: {
      error: {
        message: '"gemma3" does not support thinking',
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a key that its cloud does not know',
    statusCode: 401,
    body: { error: 'unauthorized' },
    becomes: 'rejected',
  },
  {
    name: 'a model that was not pulled',
    statusCode: 404,
    body: {
      error: {
        message: 'model "none" not found, try pulling it first',
        type: 'not_found_error',
        param: null,
        code: null,
      },
    },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: '404 page not found',
    becomes: 'rejected',
  },
  {
    name: 'a rate limit of its cloud',
    statusCode: 429,
    body: { error: { message: 'too many concurrent requests', type: 'api_error', param: null, code: null } },
    becomes: 'rate-limited',
  },
  {
    name: 'a model that does not start',
    statusCode: 500,
    body: {
      error: {
        message: 'llama runner process has terminated: exit status 2',
        type: 'api_error',
        param: null,
        code: null,
      },
    },
    becomes: 'unavailable',
  },
  {
    name: 'a full queue',
    statusCode: 503,
    body: {
      error: {
        message: 'server busy, please try again. maximum pending requests exceeded',
        type: 'api_error',
        param: null,
        code: null,
      },
    },
    becomes: 'unavailable',
  },
];

const chunkOf = (delta: Record<string, unknown>, finishReason: string | null = null) => ({
  id: 'chatcmpl-693',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'gemma3',
  system_fingerprint: 'fp_ollama',
  choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finishReason }],
});

const replyOf = (message: Record<string, unknown>, finishReason: string | null) => ({
  id: 'chatcmpl-693',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'gemma3',
  system_fingerprint: 'fp_ollama',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }],
  usage: openAiUsage,
});

const usageChunk = { ...chunkOf({}), choices: [], usage: openAiUsage };

export const ollama: Vendor = {
  name: 'Ollama',
  documentation: [
    'https://docs.ollama.com/api/openai-compatibility',
    'https://github.com/ollama/ollama/blob/main/openai/openai.go',
  ],
  basePath: '/v1',
  reply: (text) => replyOf({ content: text }, 'stop'),
  stream: (texts) =>
    events([...texts.map((content) => chunkOf({ content })), chunkOf({ content: '' }, 'stop'), usageChunk, done]),
  rateLimit: () => ({
    name: 'a rate limit of its cloud',
    statusCode: 429,
    body: { error: { message: 'too many concurrent requests', type: 'api_error', param: null, code: null } },
    becomes: 'rate-limited',
  }),
  tellsWait: false,
  errors: ollamaErrors,
  replies: [
    {
      name: 'a reply without a reason for its end',
      stream: false,
      body: replyOf({ content: sentence }, null),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream of an older version, with an empty reason in each chunk',
      stream: true,
      body: events([
        ...parts.map((content) => ({
          ...chunkOf({ content }),
          choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: '' }],
        })),
        chunkOf({ content: '' }, 'stop'),
        done,
      ]),
      becomes: { text: sentence },
    },
    {
      name: 'the same, cut',
      stream: true,
      body: events([chunkOf({ content: half }, ''), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'a reply with its thoughts',
      stream: false,
      body: replyOf({ content: sentence, reasoning: 'They greet everybody.' }, 'stop'),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a model that was only loaded',
      stream: false,
      body: replyOf({ content: '' }, 'load'),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'an error in mid-stream',
      stream: true,
      body: events([
        chunkOf({ content: half }),
        { error: { message: 'llama runner process no longer running', type: 'api_error', param: null, code: null } },
      ]),
      becomes: 'unavailable',
    },
    {
      name: 'an error in mid-stream, without an event around it',
      stream: true,
      body: `${events([chunkOf({ content: half })])}{"error":"an error was encountered while running the model"}\n`,
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'a stream that came to its limit',
      stream: true,
      body: events([chunkOf({ content: half }), chunkOf({ content: '' }, 'length'), usageChunk, done]),
      becomes: 'bad-reply',
      client: 'bad-end',
    },
  ],
};
