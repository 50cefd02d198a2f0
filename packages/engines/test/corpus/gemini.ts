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

/** The errors of Google's APIs: https://ai.google.dev/gemini-api/docs/troubleshooting and https://google.aip.dev/193 */
const geminiErrors: readonly ErrorAnswer[] = [
  {
    name: 'a parameter that the endpoint does not know',
    statusCode: 400,
    body: [
      {
        error: {
          code: 400,
          message: 'Invalid JSON payload received. Unknown name "prediction": Cannot find field.',
          status: 'INVALID_ARGUMENT',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.BadRequest',
              fieldViolations: [
                { description: 'Invalid JSON payload received. Unknown name "prediction": Cannot find field.' },
              ],
            },
          ],
        },
      },
    ],
    becomes: 'rejected',
    refusedParameter: 'prediction',
  },
  {
    name: 'a model without a system role',
    statusCode: 400,
    body: [
      {
        error: {
          code: 400,
          message: 'Developer instruction is not enabled for models/gemma-3-27b-it',
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
    becomes: 'rejected',
  },
  {
    name: 'a bad key',
    statusCode: 400,
    body: [
      {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'API_KEY_INVALID',
              domain: 'googleapis.com',
              metadata: { service: 'generativelanguage.googleapis.com' },
            },
          ],
        },
      },
    ],
    becomes: 'rejected',
  },
  {
    name: 'a missing key',
    statusCode: 401,
    body: [{ error: { code: 401, message: 'Missing or invalid Authorization header.', status: 'UNAUTHENTICATED' } }],
    becomes: 'rejected',
  },
  {
    name: 'an unknown model',
    statusCode: 404,
    body: [
      { error: { code: 404, message: 'models/gemini-none is not found for API version v1main.', status: 'NOT_FOUND' } },
    ],
    becomes: 'rejected',
  },
  {
    name: 'a rate limit, told in words and in RetryInfo',
    statusCode: 429,
    body: [
      {
        error: {
          code: 429,
          message:
            'You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 10\nPlease retry in 9.5s.',
          status: 'RESOURCE_EXHAUSTED',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
              violations: [
                {
                  quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
                  quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
                  quotaValue: '10',
                },
              ],
            },
            { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '9.5s' },
          ],
        },
      },
    ],
    becomes: 'rate-limited',
    retryAfterMs: 9500,
  },
  {
    name: 'a rate limit, told in RetryInfo alone',
    statusCode: 429,
    body: {
      error: {
        code: 429,
        message: 'You exceeded your current quota, please check your plan and billing details.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26s' }],
      },
    },
    becomes: 'rate-limited',
    retryAfterMs: 26_000,
  },
  {
    name: 'a rate limit without any hint',
    statusCode: 429,
    body: [
      {
        error: {
          code: 429,
          message: 'Resource has been exhausted (e.g. check quota).',
          status: 'RESOURCE_EXHAUSTED',
        },
      },
    ],
    becomes: 'rate-limited',
  },
  {
    name: 'an error of the server',
    statusCode: 500,
    body: [{ error: { code: 500, message: 'An internal error has occurred.', status: 'INTERNAL' } }],
    becomes: 'unavailable',
  },
  {
    name: 'an overload',
    statusCode: 503,
    body: [
      { error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' } },
    ],
    becomes: 'unavailable',
  },
];

const chunkOf = (delta: unknown, finishReason?: string) => ({
  choices: [{ delta, ...(finishReason === undefined ? {} : { finish_reason: finishReason }), index: 0 }],
  created: 1_771_200_000,
  id: 'test',
  model: 'gemini-2.5-flash',
  object: 'chat.completion.chunk',
  usage: openAiUsage,
});

const replyOf = (message: unknown, finishReason: string) => ({
  choices: [{ finish_reason: finishReason, index: 0, message }],
  created: 1_771_200_000,
  id: 'test',
  model: 'gemini-2.5-flash',
  object: 'chat.completion',
  usage: { ...openAiUsage, total_tokens: 460 },
});

/** A filter may end a reply before its first word: there is no content then. */
const withheldReply = (finishReason: string): RecordedReply => ({
  name: `a reply that ended by ${finishReason}`,
  stream: false,
  body: replyOf({ role: 'assistant' }, finishReason),
  becomes: 'bad-reply',
  client: 'bad-end',
});

const withheldStream = (finishReason: string): RecordedReply => ({
  name: `a stream that ended by ${finishReason}`,
  stream: true,
  body: events([chunkOf({ content: half, role: 'assistant' }), chunkOf({ role: 'assistant' }, finishReason), done]),
  becomes: 'bad-reply',
  client: 'bad-end',
});

const badEnds = ['length', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'content_filter: PROHIBITED_CONTENT', 'OTHER'];

export const gemini: Vendor = {
  name: 'Gemini',
  documentation: [
    'https://ai.google.dev/gemini-api/docs/openai',
    'https://ai.google.dev/api/generate-content#FinishReason',
  ],
  basePath: '/v1beta/openai',
  reply: (text) => replyOf({ content: text, role: 'assistant' }, 'stop'),
  // Its last chunk has a part of the text, and each of them the usage so far.
  stream: (texts) =>
    events([
      ...texts.map((content, index) =>
        chunkOf({ content, role: 'assistant' }, index === texts.length - 1 ? 'stop' : undefined),
      ),
      done,
    ]),
  rateLimit: (waitMs) => ({
    name: 'a rate limit',
    statusCode: 429,
    body: [
      {
        error: {
          code: 429,
          message: `You exceeded your current quota.\nPlease retry in ${waitMs / 1000}s.`,
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${waitMs / 1000}s` }],
        },
      },
    ],
    becomes: 'rate-limited',
  }),
  tellsWait: true,
  errors: geminiErrors,
  replies: [
    {
      name: 'a reply that ended by its own word for it',
      stream: false,
      body: replyOf({ content: sentence, role: 'assistant' }, 'STOP'),
      becomes: { text: sentence, usage },
    },
    {
      name: 'a stream with a signature of thoughts',
      stream: true,
      body: events([
        chunkOf({ content: sentence, role: 'assistant' }),
        chunkOf({ content: '', role: 'assistant', extra_content: { google: { thought_signature: 'EjQK' } } }, 'stop'),
        done,
      ]),
      becomes: { text: sentence, usage },
    },
    ...badEnds.map(withheldReply),
    ...badEnds.map(withheldStream),
    {
      name: 'a list of one error in mid-stream',
      stream: true,
      body: events([
        chunkOf({ content: half, role: 'assistant' }),
        [{ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }],
      ]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
    {
      name: 'a list of one error, without an event around it',
      stream: true,
      body: JSON.stringify([{ error: { code: 500, message: 'Internal error.', status: 'INTERNAL' } }]),
      becomes: 'unavailable',
      client: 'bad-end',
    },
  ],
};
