import { describe, expect, it } from '@jest/globals';
import {
  EngineReplyError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
  type EngineAnswer,
  type TranslationRequest,
} from '@parley/translation';
import { Translator, type TranslatorOptions } from '../../src/quality/translator.ts';

type Reply = (request: TranslationRequest) => Promise<EngineAnswer>;

const marked: Reply = ({ text }) =>
  Promise.resolve({ text: `[es] ${text}`, usage: { promptTokens: 10, completionTokens: 2 } });

function translatorOf(reply: Reply, options: Partial<TranslatorOptions> = {}) {
  const calls: TranslationRequest[] = [];
  let [running, mostRunning] = [0, 0];
  const engine = {
    translate: async (request: TranslationRequest) => {
      calls.push(request);
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      try {
        return await reply(request);
      } finally {
        running -= 1;
      }
    },
  };
  const translator = new Translator({
    engines: { partial: engine, final: engine },
    source: 'en',
    usesPrevious: true,
    concurrentCalls: 2,
    signal: new AbortController().signal,
    ...options,
  });
  return { translator, calls, most: () => mostRunning };
}

const partial = { text: 'good morning', target: 'es', kind: 'partial' } as const;

describe('Translator', () => {
  it('translates equal texts once, a final with the text of a partial included', async () => {
    const { translator, calls } = translatorOf(marked);
    const first = translator.translate(partial);
    const others = [
      { ...partial, text: ' good  morning' },
      { ...partial, kind: 'final' as const },
    ];
    const made = await Promise.all([first, ...others.map((request) => translator.translate(request))]);
    expect(calls).toHaveLength(1);
    expect(new Set(made.map(({ key }) => key)).size).toBe(1);
    expect(made[0]).toMatchObject({ text: '[es] good morning', tokens: 12 });
  });

  it.each([
    [true, 3],
    [false, 1],
  ])('tells texts shown before apart if they matter: %s', async (usesPrevious, count) => {
    const { translator, calls } = translatorOf(marked, { usesPrevious });
    const shown = [undefined, '[es] good', '[es] well'].map((translation) =>
      translation === undefined ? undefined : { text: 'good', translation },
    );
    await Promise.all(shown.map((previous) => translator.translate({ ...partial, previous })));
    expect(calls).toHaveLength(count);
  });

  it('limits the number of concurrent calls', async () => {
    const { translator, most } = translatorOf(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return marked(request);
    });
    const texts = Array.from({ length: 7 }, (_, index) => `text ${index}`);
    await Promise.all(texts.map((text) => translator.translate({ ...partial, text })));
    expect(most()).toBe(2);
  });

  it('repeats a failed call', async () => {
    let failures = 1;
    const { translator, calls } = translatorOf((request) =>
      failures-- > 0 ? Promise.reject(new EngineUnavailableError('down')) : marked(request),
    );
    expect((await translator.translate(partial)).text).toBe('[es] good morning');
    expect(calls).toHaveLength(2);
  });

  it('has no text for a partial whose reply is not a translation', async () => {
    const { translator } = translatorOf(() => Promise.reject(new EngineReplyError('no text')));
    expect((await translator.translate(partial)).text).toBeUndefined();
    expect((await translator.translate(partial)).tokens).toBeGreaterThan(0);
  });

  it('asks again for a final whose partial got no translation', async () => {
    const { translator, calls } = translatorOf((request) =>
      request.kind === 'partial' ? Promise.reject(new EngineReplyError('no text')) : marked(request),
    );
    const asPartial = await translator.translate(partial);
    const asFinal = await translator.translate({ ...partial, kind: 'final' });
    expect(asFinal.text).toBe('[es] good morning');
    expect(asFinal.key).not.toBe(asPartial.key);
    expect(calls.map(({ kind }) => kind)).toEqual(['partial', 'final']);
  });

  it('fails at once if a repeated call would fail as well', async () => {
    const { translator, calls } = translatorOf(() => Promise.reject(new LanguagePairUnsupportedError()));
    await expect(translator.translate(partial)).rejects.toBeInstanceOf(LanguagePairUnsupportedError);
    expect(calls).toHaveLength(1);
  });

  it('makes no calls after an abort', async () => {
    const { translator, calls } = translatorOf(marked, { signal: AbortSignal.abort(new Error('stop')) });
    await expect(translator.translate(partial)).rejects.toThrow('stop');
    expect(calls).toHaveLength(0);
  });
});
