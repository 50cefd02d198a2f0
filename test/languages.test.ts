import { sourceOfMarked } from '@parley/checker';
import type { ServerMessage } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialsIn,
  resultsIn,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type EngineControl,
  type LiveListener,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';

type Options = Omit<Parameters<typeof startLiveSpeaker>[1], 'apiKey'>;

const isEnded = ({ type }: ServerMessage): boolean => type === 'session.ended';

/** Returns segment, target and origin of each result. */
function outcomes(messages: readonly ServerMessage[]): string[] {
  return resultsIn(messages)
    .map((result) => {
      const how = result.type === 'translation.failed' ? result.code : (result.flags?.join() ?? 'translated');
      return `${result.segmentId} ${result.targetLanguage} ${how}`;
    })
    .sort();
}

describe('with an engine for any language', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ edges: 2 });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  const judge = { sourceOf: sourceOfMarked };
  const startHost = (options: Options): Promise<LiveSpeaker> => startLiveSpeaker([stack.streamUrl(0)], options, judge);
  const join = (host: LiveSpeaker, ...targetLanguages: string[]): Promise<LiveListener> =>
    startLiveListener([stack.streamUrl(1)], { joinCode: host.session.started.joinCode, targetLanguages }, judge);

  it.each([
    ['en-US', ['en', 'es'], ['en source', 'es translated'], 1],
    ['en_US', ['en-us', 'EN_US', 'es'], ['en-US source', 'es translated'], 1],
    ['zh-TW', ['zh-Hant', 'zh', 'zh-CN'], ['zh translated', 'zh-CN translated', 'zh-Hant source'], 2],
    ['pt', ['pt-BR', 'pt'], ['pt source', 'pt-BR translated'], 1],
    ['en', ['en-GB'], ['en-GB translated'], 1],
    ['sr-Latn', ['sr', 'sr-Latn'], ['sr translated', 'sr-Latn source'], 1],
    ['nb', ['no', 'nn'], ['nn translated', 'no source'], 1],
    ['auto', ['en', 'es'], ['en translated', 'es translated'], 2],
  ])(
    'I12: what is said in %s is itself in no target of %j but its own',
    async (sourceLanguage, targetLanguages, expected, calls) => {
      await using host = await startHost({ sourceLanguage, targetLanguages, stability: 'off' });
      // Equal texts would share a call.
      const text = `A sentence in ${sourceLanguage}.`;
      host.session.sendPartial({ segmentId: 1, revision: 0, text });
      await host.session.sendFinal({ segmentId: 1, text });
      expect(await host.end()).toMatchObject({ violations: [] });
      expect(outcomes(host.messages)).toEqual(expected.map((outcome) => `1 ${outcome}`));
      for (const { targetLanguage, flags } of partialsIn(host.messages)) {
        expect(expected).toContain(`${targetLanguage} ${flags?.join() ?? 'translated'}`);
      }
      const { byTarget } = await engine.stats();
      expect(Object.keys(byTarget)).toHaveLength(calls);
    },
  );

  it('I12: a segment has its own language, of any region, or one to be detected', async () => {
    await using host = await startHost({ sourceLanguage: 'en-US', targetLanguages: ['en', 'es'] });
    for (const [segmentId, language] of ['es-MX', 'en-GB', 'und', 'multi', 'fr_CA'].entries()) {
      await host.session.sendFinal({ segmentId, text: `Sentence ${segmentId}.`, language });
    }
    expect(await host.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    expect(outcomes(host.messages)).toEqual([
      ...['0 en translated', '0 es source', '1 en source', '1 es translated'],
      ...['2 en translated', '2 es translated', '3 en translated', '3 es translated'],
      ...['4 en translated', '4 es translated'],
    ]);
  });

  it.each([
    [['es-MX'], ['es'], ['es']],
    [['es_MX', 'es-AR', 'es'], ['es'], ['es']],
    [
      ['zh-TW', 'es'],
      ['zh-Hant', 'es'],
      ['es', 'zh-Hant'],
    ],
    [['zh-HK'], ['zh-Hant'], ['zh-Hant']],
    [['pt'], ['pt-BR'], ['pt-BR']],
    [['fr-CA'], ['fr'], ['fr']],
    [['ja', 'es-MX', 'de'], ['es'], ['es']],
  ])('listeners that request %j get %j', async (asked, granted, expected) => {
    const targetLanguages = ['es', 'zh-Hant', 'pt-BR'];
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages, listenerLanguages: ['fr'] });
    await using listener = await join(host, ...asked);
    expect(listener.listening.joined.targetLanguages).toEqual(granted);
    await host.session.sendFinal({ segmentId: 1, text: 'One sentence.' });
    expect(await host.end()).toMatchObject({ violations: [] });
    await listener.waitForMessage(isEnded);
    expect(outcomes(listener.messages)).toEqual(expected.map((target) => `1 ${target} translated`));
    expect(listener.judge(host)).toEqual([]);
  });

  it('I22: the number of listener languages does not include languages of the session', async () => {
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: 1 });
    await using first = await join(host, 'es-MX', 'fr-CA');
    expect(first.listening.joined.targetLanguages).toEqual(['es', 'fr-CA']);
    await using second = await join(host, 'fr_CA');
    await expect(join(host, 'de')).rejects.toMatchObject({ code: 'language-not-offered' });
    await host.session.sendFinal({ segmentId: 1, text: 'One sentence.' });
    expect(await host.end()).toMatchObject({ violations: [] });
    for (const listener of [first, second]) await listener.waitForMessage(isEnded);
    expect(outcomes(first.messages)).toEqual(['1 es translated', '1 fr-CA translated']);
    expect(outcomes(second.messages)).toEqual(['1 fr-CA translated']);
    for (const listener of [first, second]) expect(listener.judge(host)).toEqual([]);
  });

  it.each([
    ['zh-CN', 'zh-Hant'],
    ['zh', 'zh-Hant'],
    ['sr-Latn', 'sr'],
    ['gl', 'pt'],
    ['und', 'es'],
  ])('listeners that request %s do not get %s', async (asked, offered) => {
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages: [offered] });
    await expect(join(host, asked)).rejects.toMatchObject({ code: 'language-not-offered', param: 'targetLanguages' });
  });

  it.each([
    ['en-US', 'en', ['es'], ['en-US'], []],
    ['en-US', 'en-GB', ['es'], ['en-US'], []],
    ['en', 'en-US', ['es'], ['en'], []],
    ['en-US', 'en', ['en', 'es'], ['en-US', 'en'], ['2 en translated']],
    ['multi', 'auto', ['es'], ['und'], []],
  ])(
    'of a speaker of %s, listeners that ask for %s get the transcript beside targets %j',
    async (sourceLanguage, asked, targetLanguages, granted, translations) => {
      await using host = await startHost({ sourceLanguage, targetLanguages });
      await using listener = await join(host, asked);
      expect(listener.listening.joined.targetLanguages).toEqual(granted);
      host.session.sendPartial({ segmentId: 1, revision: 0, text: 'one' });
      await listener.waitForMessage(({ type }) => type === 'transcript.partial');
      await host.session.sendFinal({ segmentId: 1, text: 'One sentence.' });
      await host.session.sendFinal({ segmentId: 2, text: 'Una frase.', language: 'es-MX' });
      expect(await host.end()).toMatchObject({ violations: [] });
      await listener.waitForMessage(isEnded);
      const heard = listener.messages.flatMap((message) => (message.type === 'transcript.final' ? [message.text] : []));
      expect(heard).toEqual(['One sentence.', 'Una frase.']);
      expect(outcomes(listener.messages)).toEqual(translations);
      expect(listener.judge(host)).toEqual([]);
    },
  );
});

describe('with Apertium, which supports some language pairs', () => {
  let stack: TestStack;
  const env = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '20000', ENGINE_TOTAL_TIMEOUT_MS: '30000' };
  beforeAll(async () => (stack = await startStack({ translations: 'apertium', env })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  const startHost = (options: Options): Promise<LiveSpeaker> => startLiveSpeaker([stack.streamUrl()], options);
  const join = (host: LiveSpeaker, ...targetLanguages: string[]): Promise<LiveListener> =>
    startLiveListener([stack.streamUrl()], { joinCode: host.session.started.joinCode, targetLanguages });

  it('I3, I36: an unsupported pair fails for its own target only, once for each final', async () => {
    const targetLanguages = ['es', 'ja', 'en-GB', 'en'];
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages, ordered: true, stability: 'off' });
    expect(host.session.started.unsupportedLanguages).toEqual(['ja', 'en-GB']);
    await using listener = await join(host, 'ja', 'es-MX');
    expect(listener.listening.joined).toMatchObject({
      targetLanguages: ['ja', 'es'],
      unsupportedLanguages: ['ja'],
    });
    host.session.sendPartial({ segmentId: 1, revision: 0, text: 'the house' });
    await host.session.sendFinal({ segmentId: 1, text: 'The house is red.' });
    await host.session.sendFinal({ segmentId: 2, text: 'La casa es grande.', language: 'es-MX' });
    await host.session.sendFinal({ segmentId: 3, text: '家は大きい。', language: 'ja' });
    await host.session.sendFinal({ segmentId: 4, text: '' });
    expect(await host.end()).toMatchObject({ violations: [] });
    const lacking = 'language-unsupported';
    expect(outcomes(host.messages)).toEqual(
      [
        ...['1 es translated', `1 ja ${lacking}`, `1 en-GB ${lacking}`, '1 en source'],
        ...['2 es source', `2 ja ${lacking}`, '2 en-GB translated', '2 en translated'],
        ...[`3 es ${lacking}`, '3 ja source', `3 en-GB ${lacking}`, `3 en ${lacking}`],
        ...['4 es translated', '4 ja translated', '4 en-GB translated', '4 en source'],
      ].sort(),
    );
    expect(new Set(partialsIn(host.messages).map(({ targetLanguage }) => targetLanguage))).not.toContain('ja');
    await listener.waitForMessage(isEnded);
    expect(listener.judge(host)).toEqual([]);
    expect(outcomes(listener.messages)).toContain(`1 ja ${lacking}`);
  });

  it('I36: an unsupported pair that only listeners request fails for those listeners', async () => {
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: ['ja'] });
    await using listener = await join(host, 'ja', 'es');
    await expect(join(host, 'ja')).rejects.toMatchObject({ code: 'language-unsupported', param: 'targetLanguages' });
    await host.session.sendFinal({ segmentId: 1, text: 'The house is red.' });
    expect(await host.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    await listener.waitForMessage(isEnded);
    expect(outcomes(host.messages)).toEqual(['1 es translated']);
    expect(outcomes(listener.messages)).toEqual(['1 es translated', '1 ja language-unsupported']);
  });

  it('I36: an update with an unsupported language is applied, and rejected if it has no other', async () => {
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages: ['es'] });
    host.session.update({ targetLanguages: ['ja'] });
    await host.waitForMessage((message) => message.type === 'error' && message.code === 'language-unsupported');
    host.session.update({ targetLanguages: ['ja', 'ca'] });
    await host.session.sendFinal({ segmentId: 1, text: 'The house is red.' });
    expect(await host.end()).toMatchObject({ violations: [] });
    expect(outcomes(host.messages)).toEqual(['1 ca translated', '1 ja language-unsupported']);
  });

  it.each(['und', 'multi', 'auto', 'mul', 'zxx'])('a language to be detected (%s) is rejected', async (tag) => {
    const start = startHost({ sourceLanguage: tag, targetLanguages: ['es', 'en'] });
    await expect(start).rejects.toMatchObject({ code: 'language-unsupported', param: 'sourceLanguage' });
    await using host = await startHost({ sourceLanguage: 'en', targetLanguages: ['es'] });
    const final = host.session.sendFinal({ segmentId: 1, text: 'La casa es grande.', language: tag });
    await expect(final).rejects.toMatchObject({ code: 'language-unsupported', param: 'language' });
    await host.session.sendFinal({ segmentId: 1, text: 'The house is red.' });
    expect(await host.end()).toMatchObject({ violations: [] });
    expect(outcomes(host.messages)).toEqual(['1 es translated']);
  });
});
