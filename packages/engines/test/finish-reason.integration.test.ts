import { describe, expect, it } from '@jest/globals';
import { EngineReplyError, EngineUnavailableError } from '@parley/translation';
import { endError, finishReasonAmong, finishReasonOf } from '../src/openai/finish-reason.ts';
import { OutputLimitError } from '../src/openai/finish-reason.ts';
import { chunk, sendJson } from './chat-answers.ts';
import { longFinal, translateAll } from './engine-under-test.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

describe('the end of a reply', () => {
  it.each(['stop', 'STOP', 'Stop', ' stop ', 'eos', 'eos_token', 'stop_sequence', 'end_turn', 'COMPLETE'])(
    'is good: %s',
    (word) => {
      expect(endError(finishReasonOf(word) ?? '')).toBeUndefined();
    },
  );

  it.each([
    ['length', OutputLimitError],
    ['MAX_TOKENS', OutputLimitError],
    ['model_length', OutputLimitError],
    ['content_filter', EngineReplyError],
    ['content_filter: SAFETY', EngineReplyError],
    ['SAFETY', EngineReplyError],
    ['RECITATION', EngineReplyError],
    ['PROHIBITED_CONTENT', EngineReplyError],
    ['BLOCKLIST', EngineReplyError],
    ['SPII', EngineReplyError],
    ['refusal', EngineReplyError],
    ['tool_calls', EngineReplyError],
    ['function_call', EngineReplyError],
    ['tool_use', EngineReplyError],
    ['OTHER', EngineReplyError],
    ['FINISH_REASON_UNSPECIFIED', EngineReplyError],
    ['MALFORMED_FUNCTION_CALL', EngineReplyError],
    ['pause_turn', EngineReplyError],
    ['unknown', EngineReplyError],
    ['stopped', EngineReplyError],
    ['stop: SAFETY', EngineReplyError],
    ['stop at once', EngineReplyError],
    ['error', EngineUnavailableError],
    ['ERROR', EngineUnavailableError],
    ['abort', EngineUnavailableError],
    ['insufficient_system_resource', EngineUnavailableError],
    ['load', EngineUnavailableError],
    ['', EngineReplyError],
    [7, EngineReplyError],
    [{ type: 'stop' }, EngineReplyError],
    [false, EngineReplyError],
  ])('is bad: %j', (word, type) => {
    const error = endError(finishReasonOf(word) ?? 'none');
    expect(error).toBeInstanceOf(type);
    expect(error?.retryable).toBe(true);
  });

  it.each([undefined, null, 'null'])('is unknown: %j', (word) => {
    expect(finishReasonOf(word)).toBeUndefined();
  });

  it('names the finish reason in its error, but never transcript text', () => {
    expect(endError('pause_turn')?.message).toContain('pause_turn');
    expect(endError('buenos días a todos')?.message).not.toMatch(/buenos|todos/);
    expect(endError('días')?.message).not.toContain('días');
  });

  it.each([
    [['stop', undefined, 'STOP'], 'stop'],
    [['stop', undefined, 'some_new_word'], 'stop'],
    [[null, undefined, 'STOP'], 'stop'],
    [['', undefined, 'end_turn'], 'end_turn'],
    [[null, 'max_tokens'], 'max_tokens'],
    [[undefined, undefined, 'MAX_TOKENS'], 'max_tokens'],
    [['stop', undefined, 'SAFETY'], 'safety'],
    [['length', 'stop', 'stop'], 'length'],
    [['', undefined, null], ''],
    [[null, undefined, undefined], undefined],
  ])('I38 is selected from several reasons: %j', (words, expected) => {
    expect(finishReasonAmong(words)).toBe(expected);
  });

  it.each([{ finish_details: { type: 'max_tokens' } }, { finish_reason: 'stop', native_finish_reason: 'SAFETY' }])(
    'I38 is bad where a gateway tells it elsewhere: %j',
    async (end) => {
      const fixture = await startOpenAiFixture();
      fixture.server.script = ({ answer }) => {
        sendJson(answer, 200, { choices: [{ message: { content: 'Buenos' }, ...end }] });
      };
      await expect(translateAll(fixture.engine)).rejects.toMatchObject({ retryable: true });
      await fixture.close();
    },
  );

  it('is treated alike with and without streaming', async () => {
    const fixture = await startOpenAiFixture();
    for (const reason of ['SAFETY', 'MAX_TOKENS', 'error', 'tool_calls', 'some_new_word', '']) {
      fixture.server.script = ({ answer, body }) => {
        if ((JSON.parse(body) as { stream: boolean }).stream) {
          answer.writeHead(200, { 'content-type': 'text/event-stream' });
          answer.end(`${chunk('Buenos')}${chunk('', reason)}data: [DONE]\n\n`);
        } else {
          sendJson(answer, 200, { choices: [{ message: { content: 'Buenos' }, finish_reason: reason }] });
        }
      };
      await expect(translateAll(fixture.engine)).rejects.toMatchObject({ retryable: true });
      await expect(translateAll(fixture.engine, longFinal)).rejects.toMatchObject({ retryable: true });
    }
    await fixture.close();
  });
});
