import { describe, expect, it } from '@jest/globals';
import { sendJson, sendTranslation } from './chat-answers.ts';
import { requestFor, shown, translateAll } from './engine-under-test.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

const languages = { source: 'en', target: 'es' };
const ignoring = { id: 'test-model', uses_earlier_messages: false };

/** Whether a partial goes out with what readers see, before and after the list of models was read. */
async function usage(options: { previousTurn?: boolean }, models: readonly unknown[]): Promise<readonly boolean[]> {
  const fixture = await startOpenAiFixture(options);
  const { engine, server } = fixture;
  server.script = (exchange) => {
    if (exchange.url.endsWith('/models')) sendJson(exchange.answer, 200, { data: models });
    else sendTranslation(exchange, 'Hola.');
  };
  const isSent = async (): Promise<boolean> => {
    await translateAll(engine, { previous: shown });
    const { messages } = JSON.parse(server.exchanges.at(-1)?.body ?? '') as { messages: unknown[] };
    const isUsed = engine.usesPrevious(languages);
    expect(messages).toHaveLength(isUsed ? 4 : 2);
    return isUsed;
  };
  try {
    const before = await isSent();
    await engine.capabilities(requestFor().signal);
    return [before, await isSent()];
  } finally {
    await fixture.close();
  }
}

describe('what readers see', () => {
  it.each([
    ['by default', {}, [{ id: 'test-model' }], [true, true]],
    ['switched off', { previousTurn: false }, [{ id: 'test-model' }], [false, false]],
    ['of no use to the model', {}, [ignoring], [true, false]],
    ['of no use to the model, but switched on', { previousTurn: true }, [ignoring], [true, true]],
    ['of use to the model', {}, [{ ...ignoring, uses_earlier_messages: true }], [true, true]],
    ['of no use to another model', {}, [{ id: 'test-model' }, { ...ignoring, id: 'other' }], [true, true]],
    ['of no use to some of the models that a gateway lists', {}, [{ ...ignoring, id: 'a' }, { id: 'b' }], [true, true]],
    ['of unreadable use', {}, [{ ...ignoring, uses_earlier_messages: 'no' }], [true, true]],
  ])('is an earlier turn of a partial: %s', async (_, options, models, expected) => {
    expect(await usage(options, models)).toEqual(expected);
  });
});
