import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sendJson, sendTranslation } from '../packages/engines/test/chat-answers.ts';
import { startScriptedServer, type ScriptedServer } from '../packages/engines/test/scripted-server.ts';
import { startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

interface ChatBody {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly prediction?: { readonly content: string };
  readonly max_tokens?: number;
}

const english = { sourceLanguage: 'en', targetLanguages: ['es'] };

describe('an engine that is a chat model', () => {
  let engine: ScriptedServer;
  let stack: TestStack;
  /** The replies that are not plain translations, by text. */
  let replies: Record<string, string>;
  beforeAll(async () => {
    engine = await startScriptedServer();
    engine.script = (exchange) => {
      if (!exchange.url.endsWith('/chat/completions')) {
        sendJson(exchange.answer, 200, { data: [] });
        return;
      }
      const text = (JSON.parse(exchange.body) as ChatBody).messages.at(-1)?.content ?? '';
      sendTranslation(exchange, replies[text] ?? `[es] ${text}`);
    };
    stack = await startStack({
      env: { OPENAI_BASE_URL: `${engine.origin}/v1`, OPENAI_PREDICTIONS: 'on' },
    });
  });
  beforeEach(() => {
    replies = {};
    engine.exchanges.length = 0;
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await engine.close();
  });

  const bodiesOf = (text: string): ChatBody[] =>
    engine.exchanges
      .filter(({ url }) => url.endsWith('/chat/completions'))
      .map(({ body }) => JSON.parse(body) as ChatBody)
      .filter(({ messages }) => messages.at(-1)?.content === text);

  it('gets the shown text as a prediction instead of a limit, and earlier finals as messages', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), { ...english, useHistory: true });
    const { session } = speaker;
    session.sendPartial({ segmentId: 1, revision: 0, text: 'good' });
    await speaker.waitForMessage(({ type }) => type === 'translation.partial');
    await session.sendFinal({ segmentId: 1, text: 'good morning' });
    await speaker.waitForMessage(({ type }) => type === 'translation.final');
    await session.sendFinal({ segmentId: 2, text: 'good night' });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 2 } });

    const [partial] = bodiesOf('good');
    expect(partial).toMatchObject({ max_tokens: 72 });
    expect(partial).not.toHaveProperty('prediction');
    const [final] = bodiesOf('good morning');
    expect(final).toMatchObject({ prediction: { content: '[es] good' } });
    expect(final).not.toHaveProperty('max_tokens');
    expect(bodiesOf('good night')[0]?.messages.slice(1)).toEqual([
      { role: 'user', content: 'good morning' },
      { role: 'assistant', content: '[es] good morning' },
      { role: 'user', content: 'good night' },
    ]);
  });

  it('I12: that refuses, answers or returns nothing is called once more, and its second reply is not shown unmarked', async () => {
    replies = { 'kill it': "I'm sorry, but I can't assist with that.", 'who is it?': 'Es Ana.', 'be quiet': '' };
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    const { session } = speaker;
    session.sendPartial({ segmentId: 1, revision: 0, text: 'kill it' });
    for (const [index, text] of Object.keys(replies).entries()) {
      await session.sendFinal({ segmentId: index + 1, text });
    }
    await session.sendFinal({ segmentId: 4, text: 'thank you' });
    expect(await speaker.end()).toMatchObject({ violations: [] });

    const results = speaker.messages.filter(({ type }) => /^translation\./.test(type));
    expect(results.filter(({ type }) => type === 'translation.partial')).toEqual([]);
    expect(results).toHaveLength(4);
    expect(results).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ segmentId: 1, text: replies['kill it'], flags: ['suspect'] }),
        expect.objectContaining({ segmentId: 2, text: 'Es Ana.', flags: ['suspect'] }),
        expect.objectContaining({ segmentId: 3, type: 'translation.failed', code: 'engine-bad-reply' }),
        expect.objectContaining({ segmentId: 4, text: '[es] thank you' }),
      ]),
    );
    const strictly = bodiesOf('who is it?').map(({ messages }) =>
      /was not a translation/.test(messages[0]?.content ?? ''),
    );
    expect(strictly).toEqual([false, true]);
  });

  it('I12: is accepted if it repeats a text that needs no translation, and marked if it echoes a sentence', async () => {
    const right = [
      'la la la la la la la la la la la la la la la la la la',
      'kyrie eleison kyrie eleison christe eleison kyrie eleison',
      'https://meetings.example.com/rooms/annual-review/live-now',
      'Muchas gracias hermanos por venir a nuestra iglesia esta mañana.',
    ];
    const echo = 'good morning everyone and welcome to our meeting';
    replies = Object.fromEntries([...right, echo].map((text) => [text, text]));
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    const { session } = speaker;
    session.sendPartial({ segmentId: 0, revision: 0, text: right[0] ?? '' });
    const partial = await speaker.waitForMessage(({ type }) => type === 'translation.partial');
    expect(partial).toMatchObject({ segmentId: 0 });
    for (const [segmentId, text] of right.entries()) await session.sendFinal({ segmentId, text });
    await session.sendFinal({ segmentId: 10, text: echo });
    await speaker.end();

    const finals = speaker.messages.filter((message) => message.type === 'translation.final');
    const shown = new Map(finals.map(({ segmentId, text, flags }) => [segmentId, { text, flags }]));
    for (const [segmentId, text] of right.entries()) expect(shown.get(segmentId)).toEqual({ text });
    expect(shown.get(10)).toEqual({ text: echo, flags: ['suspect'] });
    expect(bodiesOf(echo)).toHaveLength(2);
  });

  it('I32: is shown without the format marks of its replies', async () => {
    replies = {
      'think first': '<think>They want it in Spanish.</think>\n\nPiensa primero.',
      'end of thought': 'They want it in Spanish.</think>Fin.',
      'two channels':
        '<|channel|>analysis<|message|>Spanish.<|end|><|start|>assistant<|channel|>final<|message|>Dos canales.<|return|>',
      'the end': 'El fin.<|im_end|>',
    };
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    for (const [segmentId, text] of Object.keys(replies).entries()) {
      await speaker.session.sendFinal({ segmentId, text });
    }
    await speaker.end();
    const finals = speaker.messages.filter((message) => message.type === 'translation.final');
    expect(finals.map(({ text, flags }) => ({ text, flags }))).toEqual(
      expect.arrayContaining(['Piensa primero.', 'Fin.', 'Dos canales.', 'El fin.'].map((text) => ({ text }))),
    );
  });

  it('I12: is not called for text without visible characters', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), english);
    const blanks = ['\u200b', '\u2060\u00ad', ' \u200e ', '  '];
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text: '\u200b' });
    for (const [segmentId, text] of blanks.entries()) await speaker.session.sendFinal({ segmentId, text });
    expect(await speaker.end()).toMatchObject({ violations: [] });
    const finals = speaker.messages.filter((message) => message.type === 'translation.final');
    expect(finals.map(({ text }) => text)).toEqual(blanks.map(() => ''));
    expect(engine.exchanges.filter(({ url }) => url.endsWith('/chat/completions'))).toEqual([]);
  });
});
