import { describe, expect, it } from '@jest/globals';
import { readErrorBody } from '../src/openai/error-body.ts';
import { refusalIn } from '../src/openai/refusal.ts';

const sent = {
  model: 'm',
  messages: [{ role: 'system' }, { role: 'user' }],
  stream: true,
  max_tokens: 100,
  temperature: 0,
  stream_options: { include_usage: true },
  reasoning_effort: 'low',
  prediction: {},
  response_format: {},
};

/** What is refused by a body, and whether for good. */
function refusal(statusCode: number, body: unknown): string | undefined {
  const found = refusalIn(statusCode, readErrorBody(typeof body === 'string' ? body : JSON.stringify(body)), sent);
  return found && `${found.refused}${found.isLasting ? '' : ' for now'}`;
}
const openAi = (error: object) => ({ error: { type: 'invalid_request_error', param: null, code: null, ...error } });
const said = (message: string) => openAi({ message });
const fastApi = (loc: (string | number)[], msg = 'Extra inputs are not permitted') => ({
  detail: [{ type: 'extra_forbidden', loc, msg, input: 'x' }],
});
const google = (message: string) => [{ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }];

describe('a parameter that is refused', () => {
  it.each<[string, number, unknown, string]>([
    [
      'in a list of errors',
      422,
      { errors: [{ loc: ['temperature'], msg: 'extra', type: 'extra_forbidden' }] },
      'temperature',
    ],
    ['in a list of texts', 422, { errors: ['messages: ok', 'temperature is not allowed'] }, 'temperature'],
    ['in errors by name', 400, { title: 'Bad Request', errors: { temperature: ['is not supported'] } }, 'temperature'],
    [
      'in an error that is a list',
      422,
      { error: ['Error in `temperature`: extra fields not permitted'] },
      'temperature',
    ],
    ['by the valid roles (Gemini)', 400, google('Please use a valid role: user, model.'), 'system_role'],
    ['by param', 400, openAi({ message: '', param: 'temperature', code: 'unsupported_value' }), 'temperature'],
    ['by a part of it', 400, openAi({ message: 'Unknown', param: 'stream_options.include_usage' }), 'stream_options'],
    [
      'of which a value is not supported',
      400,
      said(
        "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
      ),
      'temperature',
    ],
    [
      'by the first name in the message',
      400,
      said(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      ),
      'max_tokens',
    ],
    ['in words', 400, said('Unrecognized request argument supplied: reasoning_effort'), 'reasoning_effort'],
    ['as a property', 400, said("property 'prediction' is unsupported"), 'prediction'],
    ['spelt otherwise', 400, said('This model does not support response format `json_schema`.'), 'response_format'],
    ['for now', 400, said('This response_format type is unavailable now'), 'response_format'],
    ['by loc', 422, fastApi(['body', 'reasoning_effort']), 'reasoning_effort'],
    ['by loc, deep', 422, fastApi(['body', 'response_format', 'json_schema', 'strict']), 'response_format'],
    ['by loc of an inner union', 422, fastApi(['body', 'ChatCompletionRequest', 'prediction']), 'prediction'],
    [
      'by loc within a message (Mistral)',
      422,
      { object: 'error', message: fastApi(['body', 'stream_options']), type: 'invalid_request_error', code: null },
      'stream_options',
    ],
    [
      'in a list (Gemini)',
      400,
      google('Invalid JSON payload received. Unknown name "stream_options": Cannot find field.'),
      'stream_options',
    ],
    [
      'inside of another one (Gemini)',
      400,
      google('Invalid JSON payload received. Unknown name "include_usage" at \'stream_options\': Cannot find field.'),
      'stream_options',
    ],
    [
      'as a violation (Google)',
      400,
      { error: { message: 'bad', details: [{ fieldViolations: [{ field: 'prediction', description: 'x' }] }] } },
      'prediction',
    ],
    [
      'by a server behind a gateway',
      400,
      {
        error: {
          message: 'Provider returned error',
          code: 400,
          metadata: { raw: '{"error":{"message":"Unsupported parameter: \'temperature\'"}}' },
        },
      },
      'temperature',
    ],
    ['where code throws', 500, "TypeError: create() got an unexpected keyword argument 'prediction'", 'prediction'],
    [
      'by a value that is too large for this request',
      400,
      said("'max_tokens' is too large: 300."),
      'max_tokens for now',
    ],
    [
      'by param, with a value out of range',
      400,
      openAi({ message: 'max_tokens must be at least 1000', param: 'max_tokens' }),
      'max_tokens for now',
    ],
  ])('%s', (_, statusCode, body, expected) => {
    expect(refusal(statusCode, body)).toBe(expected);
  });

  it.each<[string, number, unknown]>([
    ['that is required', 400, openAi({ message: 'Unknown role', param: 'messages' })],
    ['that was not sent', 400, openAi({ message: 'Unknown', param: 'logprobs' })],
    ['by an answer about the key', 401, said("Unsupported parameter: 'temperature'")],
    ['by an answer about the rate', 429, said("Unsupported parameter: 'temperature'")],
    ['by nothing', 400, ''],
    ['by a page', 400, '<html><body>Bad Request</body></html>'],
    ['in passing', 500, said('The temperature of the server is high.')],
    ['by deep nonsense', 400, '['.repeat(10_000)],
  ])('is none %s', (_, statusCode, body) => {
    expect(refusal(statusCode, body)).toBeUndefined();
  });
});

describe('the system role is refused', () => {
  it.each<[string, number, unknown]>([
    ['by Gemini', 400, google('Developer instruction is not enabled for models/gemma-3-27b-it')],
    ['by a chat template', 400, said('System role not supported')],
    ['by a template that throws', 500, said('Jinja Exception: System role not supported')],
    ['by one that counts turns', 400, said('Conversation roles must alternate user/assistant/user/assistant/...')],
    ['by plain text', 500, 'Template error: Only user and assistant roles are supported!'],
    ['by param', 400, openAi({ message: 'Unsupported', param: 'messages[0].role', code: 'unsupported_value' })],
    ['by loc', 422, fastApi(['body', 'messages', 0, 'role'], 'Input should be user or assistant')],
    ['in words', 400, said("This model doesn't support system messages.")],
    ['by its name', 400, said("Unsupported value: 'messages[0].role' does not support 'system' with this model.")],
  ])('%s', (_, statusCode, body) => {
    expect(refusal(statusCode, body)).toBe('system_role');
  });

  it('only where there was one', () => {
    const without = { ...sent, messages: [{ role: 'user' }] };
    expect(refusalIn(400, readErrorBody(JSON.stringify(said('System role not supported'))), without)).toBeUndefined();
  });
});
