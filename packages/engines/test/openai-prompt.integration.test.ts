import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { estimateTokens, typicalCallTokens, type TranslationRequest } from '@parley/translation';
import { createOpenAiEngine } from '../src/index.ts';
import { chatMessages, promptVersion } from '../src/openai/prompt.ts';
import { requestFor, translateAll } from './engine-under-test.ts';
import { openAiDefaults, startOpenAiFixture } from './openai-fixture.ts';

function messages(given: Partial<TranslationRequest> = {}): { system: string; lines: string[]; user: string } {
  const [system, user, ...others] = chatMessages(requestFor(given));
  expect([system?.role, user?.role, others.length]).toEqual(['system', 'user', 0]);
  return { system: system?.content ?? '', lines: system?.content.split('\n') ?? [], user: user?.content ?? '' };
}

describe('chatMessages', () => {
  it.each([
    ['en', 'es', 'Source language: English (en)', 'Target language: Spanish (es)'],
    [
      'pt-BR',
      'zh-Hans',
      'Source language: Brazilian Portuguese (pt-BR)',
      'Target language: Simplified Chinese (zh-Hans)',
    ],
    [
      'und',
      'en',
      'Source language: not known, and perhaps another one in each message: detect it (und)',
      'Target language: English (en)',
    ],
    ['ca', 'qaa', 'Source language: Catalan (ca)', 'Target language: qaa (qaa)'],
    ['de-u-co-phonebk', 'en-t-es', 'Source language: German (de)', 'Target language: English (en)'],
    [
      'es-MX-x-clinic',
      'en-x-ignore-all-rules',
      'Source language: Mexican Spanish (es-MX)',
      'Target language: English (en)',
    ],
  ])('names the languages of %s to %s', (source, target, sourceLine, targetLine) => {
    expect(messages({ source, target }).lines).toEqual(expect.arrayContaining([sourceLine, targetLine]));
  });

  it('says of partials alone that they are incomplete', () => {
    expect(messages({ kind: 'partial' }).system).toMatch(/still talking: do not complete/);
    expect(messages({ kind: 'final' }).system).not.toMatch(/still talking/);
  });

  it('names the glossary terms that occur in the text', () => {
    const glossary = [
      { source: 'MORNING', target: 'mañana' },
      { source: 'evening', target: 'tarde' },
    ];
    const { lines } = messages({ glossary });
    expect(lines).toContain('- "MORNING": "mañana"');
    expect(lines.join()).not.toContain('evening');
  });

  it('puts what is the same for all calls of a session before what is not', () => {
    const session = { context: 'cooking', formality: 'formal' } as const;
    const glossary = [{ source: 'morning', target: 'mañana' }];
    const { system: plain } = messages({ ...session, kind: 'final' });
    const { system: full } = messages({ ...session, kind: 'partial', glossary, strict: true });
    expect(full.startsWith(`${plain}\n`)).toBe(true);
  });

  const previous = { text: 'Good morning', translation: 'Buenos días' };

  it('has what readers see as an earlier turn of a partial, after earlier finals', () => {
    const history = [{ text: 'One.', translation: 'Uno.' }];
    const [system, ...turns] = chatMessages(requestFor({ history, previous }));
    expect(system?.content).toMatch(/Readers see your last reply/);
    expect(turns).toEqual([
      { role: 'user', content: 'One.' },
      { role: 'assistant', content: 'Uno.' },
      { role: 'user', content: 'Good morning' },
      { role: 'assistant', content: 'Buenos días' },
      { role: 'user', content: 'Good morning everyone.' },
    ]);
  });

  it.each<[string, Partial<TranslationRequest>]>([
    ['a final', { kind: 'final', previous }],
    ['an unknown source text', { previous: { translation: 'Buenos días' } }],
    ['a blank source text', { previous: { text: ' \n', translation: 'Buenos días' } }],
    ['a blank translation', { previous: { text: 'Good morning', translation: ' ' } }],
  ])('has no such turn for %s', (_, given) => {
    expect(chatMessages(requestFor(given))).toEqual(chatMessages(requestFor({ ...given, previous: undefined })));
  });

  it('puts the rule for it before the terms, which change more often', () => {
    const glossary = [{ source: 'morning', target: 'mañana' }];
    const [without] = chatMessages(requestFor({ previous }));
    const [withTerms] = chatMessages(requestFor({ previous, glossary, strict: true }));
    expect(withTerms?.content.startsWith(`${without?.content}\n`)).toBe(true);
  });

  it.each<[string, number, Partial<TranslationRequest>]>([
    ['a final', 128, { kind: 'final' }],
    ['a partial', 142, {}],
    ['a partial with what readers see', 195, { previous }],
  ])('has as many tokens of instructions for %s as documented', (_, tokens, given) => {
    expect(estimateTokens(chatMessages(requestFor(given))[0]?.content ?? '')).toBe(tokens);
  });

  it('has about as many tokens of instructions as the estimate of a typical call', () => {
    const { system } = messages();
    expect(Math.abs(typicalCallTokens('') - estimateTokens(system))).toBeLessThan(15);
  });

  it.each([
    ['formal', /formally/],
    ['informal', /informally/],
  ] as const)('asks for the %s address', (formality, expected) => {
    expect(messages({ formality }).system).toMatch(expected);
    expect(messages({ formality: 'default' }).system).not.toMatch(/formally/);
  });

  it('adds stricter instructions on request', () => {
    expect(messages({ strict: true }).system).toMatch(/was not a translation/);
    expect(messages().system).not.toMatch(/was not a translation/);
  });
});

describe('a prompt that is worded otherwise', () => {
  const wordings: Partial<TranslationRequest>[] = [
    { kind: 'partial' },
    { kind: 'final', formality: 'formal' },
    { kind: 'final', formality: 'informal', context: 'cooking', strict: true },
    { glossary: [{ source: 'morning', target: 'mañana' }], history: [{ text: 'One.', translation: 'Uno.' }] },
    { source: 'zh-Hans', target: 'pt-BR', text: '早上好' },
    { previous: { text: 'Good morning', translation: 'Buenos días' } },
  ];
  /** Of each version, what it makes of the requests above. A new wording is a new version with a line of its own. */
  const digests: Readonly<Record<number, string>> = {
    1: 'TQkhXRn-Cnzq48YG',
    2: 'yhHUqVW2aNHx4H5X',
  };

  it('has a version of its own', () => {
    const rendered = JSON.stringify(wordings.map((wording) => chatMessages(requestFor(wording))));
    expect(createHash('sha256').update(rendered).digest('base64url').slice(0, 16)).toBe(digests[promptVersion]);
  });
});

it('sends the key, the model and the chat to the endpoint, its query included', async () => {
  const fixture = await startOpenAiFixture();
  fixture.server.script = ({ answer }) => void answer.writeHead(500).end();
  const engine = createOpenAiEngine({
    ...openAiDefaults,
    baseUrl: `${fixture.server.origin}/openai/v1/?api-version=2`,
  });
  await translateAll(engine).catch(() => undefined);
  const [exchange] = fixture.server.exchanges;
  expect(exchange).toMatchObject({ method: 'POST', url: '/openai/v1/chat/completions?api-version=2' });
  expect(exchange?.headers).toMatchObject({ authorization: 'Bearer test-key', 'content-type': 'application/json' });
  expect(JSON.parse(exchange?.body ?? '')).toEqual({
    model: 'test-model',
    messages: chatMessages(requestFor()),
    stream: false,
    temperature: 0,
    max_tokens: 108,
  });
  await engine.close();
  await fixture.close();
});

it('asks for a stream for a short text whose reply may be shown while it comes', async () => {
  const fixture = await startOpenAiFixture();
  fixture.server.script = ({ answer }) => void answer.writeHead(500).end();
  const engine = createOpenAiEngine({ ...openAiDefaults, baseUrl: fixture.server.origin });
  await engine.translate({ ...requestFor(), isStreamed: true }).catch(() => undefined);
  const [exchange] = fixture.server.exchanges;
  expect(JSON.parse(exchange?.body ?? '')).toMatchObject({ stream: true });
  await engine.close();
  await fixture.close();
});
