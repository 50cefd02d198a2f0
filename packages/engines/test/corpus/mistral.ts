import {
  done,
  events,
  half,
  openAiUsage,
  sentence,
  usage,
  type ErrorAnswer,
  type RecordedReply,
  type Vendor,
} from './vendor.ts';

/** https://docs.mistral.ai/api/ (HTTPValidationError) and https://docs.mistral.ai/resources/error-glossary */
const mistralErrors: readonly ErrorAnswer[] = [
  {
    name: 'a parameter that is not known, as the validator tells it',
    statusCode: 422,
    body: {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'max_completion_tokens'],
          msg: 'Extra inputs are not permitted',
          input: 512,
        },
      ],
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'two parameters that are not known',
    statusCode: 422,
    body: {
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted', input: {} },
        {
          type: 'extra_forbidden',
          loc: ['body', 'max_completion_tokens'],
          msg: 'Extra inputs are not permitted',
          input: 512,
        },
      ],
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'a parameter that is not known, inside of the error object',
    statusCode: 422,
    body: {
      object: 'error',
      message: {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'max_completion_tokens'],
            msg: 'Extra inputs are not permitted',
            input: 512,
          },
        ],
      },
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
    becomes: 'rejected',
    refusedParameter: 'max_completion_tokens',
  },
  {
    name: 'an unknown model',
    statusCode: 400,
    body: {
      object: 'error',
      message: 'Invalid model: mistral-none',
      type: 'invalid_model',
      param: null,
      code: '1500',
      raw_status_code: 400,
    },
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 401,
    body: { message: 'Unauthorized', request_id: '5b1c0e5f' },
    becomes: 'rejected',
  },
  {
    name: 'a bad key, as the API puts it',
    statusCode: 401,
    body: { detail: 'Unauthorized' },
    becomes: 'rejected',
  },
  {
    name: 'a wrong path',
    statusCode: 404,
    body: { message: 'no Route matched with those values', request_id: '5b1c0e60' },
    becomes: 'rejected',
  },
  {
    name: 'a rate limit, which tells no time',
    statusCode: 429,
    body: {
      object: 'error',
      message: 'Rate limit exceeded',
      type: 'rate_limited',
      param: null,
      code: '1300',
      raw_status_code: 429,
    },
    becomes: 'rate-limited',
  },
  {
    name: 'a rate limit, as the gateway puts it',
    statusCode: 429,
    body: { message: 'Requests rate limit exceeded' },
    becomes: 'rate-limited',
  },
  {
    name: 'an overload',
    statusCode: 503,
    body: {
      object: 'error',
      message: 'Service unavailable.',
      type: 'internal_server_error',
      param: null,
      code: '1000',
    },
    becomes: 'unavailable',
  },
];

const chunkOf = (delta: unknown, finishReason: string | null = null, told?: unknown) => ({
  id: 'test',
  object: 'chat.completion.chunk',
  created: 1_771_200_000,
  model: 'mistral-small-latest',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
  ...(told === undefined ? {} : { usage: told }),
});

const replyOf = (content: unknown, finishReason: string) => ({
  id: 'test',
  object: 'chat.completion',
  created: 1_771_200_000,
  model: 'mistral-small-latest',
  choices: [{ index: 0, message: { role: 'assistant', tool_calls: null, content }, finish_reason: finishReason }],
  usage: openAiUsage,
});

const thoughts = { type: 'thinking', thinking: [{ type: 'text', text: 'They greet everybody.' }], closed: true };

const badEnd = (finishReason: string, becomes: 'bad-reply' | 'unavailable'): RecordedReply => ({
  name: `a reply that ended by ${finishReason}`,
  stream: false,
  body: replyOf(half, finishReason),
  becomes,
  client: 'bad-end',
});

export const mistral: Vendor = {
  name: 'Mistral',
  documentation: ['https://docs.mistral.ai/api/#tag/chat', 'https://docs.mistral.ai/capabilities/reasoning/'],
  basePath: '/v1',
  reply: (text) => replyOf(text, 'stop'),
  stream: (texts) =>
    events([
      chunkOf({ role: 'assistant', content: '' }),
      ...texts.map((content) => chunkOf({ content })),
      chunkOf({ content: '' }, 'stop', openAiUsage),
      done,
    ]),
  rateLimit: () => ({
    name: 'a rate limit',
    statusCode: 429,
    body: { object: 'error', message: 'Rate limit exceeded', type: 'rate_limited', param: null, code: '1300' },
    becomes: 'rate-limited',
  }),
  tellsWait: false,
  errors: mistralErrors,
  replies: [
    {
      name: 'a content of parts, thoughts among them',
      stream: false,
      body: replyOf([thoughts, { type: 'text', text: 'Buenos días ' }, { type: 'text', text: 'a todos.' }], 'stop'),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a content of parts, streamed',
      stream: true,
      body: events([
        chunkOf({ role: 'assistant', content: '' }),
        chunkOf({ content: [{ ...thoughts, closed: false }] }),
        chunkOf({ content: [{ type: 'text', text: 'Buenos días ' }] }),
        chunkOf({ content: 'a todos.' }),
        chunkOf({ content: '' }, 'stop', openAiUsage),
        done,
      ]),
      becomes: { text: sentence, usage },
    },
    badEnd('length', 'bad-reply'),
    badEnd('model_length', 'bad-reply'),
    badEnd('error', 'unavailable'),
    {
      name: 'a stream that ended by an error',
      stream: true,
      body: events([chunkOf({ content: half }), chunkOf({ content: '' }, 'error', openAiUsage), done]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'a bare error in mid-stream',
      stream: true,
      body: events([
        chunkOf({ content: half }),
        { object: 'error', message: 'Service unavailable.', type: 'internal_server_error', param: null, code: '1000' },
      ]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
