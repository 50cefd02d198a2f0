import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { TranslationRequest } from '@parley/translation';
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
  ];
  /** Of each version, what it makes of the requests above. A new wording is a new version with a line of its own. */
  const digests: Readonly<Record<number, string>> = {
    1: 'TQkhXRn-Cnzq48YG',
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
