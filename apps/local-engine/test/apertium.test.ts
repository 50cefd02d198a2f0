import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BadRequestError } from 'openai';
import { apertium } from './apertium-command.ts';
import { chatRequest, startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';

describe('Apertium behind the local engine', () => {
  let engine: EngineFixture;

  beforeAll(async () => {
    engine = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
  });

  afterAll(() => engine.close());

  it('says what it translates with, and which pairs, direct and through others', async () => {
    const [model] = (await engine.client.models.list()).data;
    expect(model).toMatchObject({ id: 'apertium', simulated: false });
    expect(model).toHaveProperty(
      'language_pairs',
      expect.arrayContaining([
        ['en', 'es'],
        ['en', 'ca'],
        ['es', 'en'],
        ['fr', 'es'],
        ['en', 'pt-BR'],
        ['en', 'ca-valencia'],
      ]),
    );
    expect((model as unknown as { language_pairs: [string, string][] }).language_pairs).not.toContainEqual([
      'en',
      'en',
    ]);
    expect(engine.logLines).toContainEqual(
      expect.objectContaining({ msg: 'the translator is chosen', model: 'apertium', simulated: false }),
    );
    expect(engine.logLines.map(({ msg }) => msg)).not.toContain('ready');
  });

  it('translates a known sentence', async () => {
    await expect(translate(engine, 'Good morning everyone.', 'en', 'es')).resolves.toBe('Buenos días Todo el mundo.');
  });

  it.each([
    ['en', 'es', 'The meeting starts at nine and Zyxwv will be late.', ['eng-spa']],
    ['en', 'ca', 'I would like to talk about the budget', ['eng-cat']],
    ['es', 'en', '¿Dónde está la reunión? No lo sé.', ['spa-eng']],
    ['fr', 'ca', "L'année dernière, nous avons vendu trois maisons.", ['fra-cat']],
    ['es', 'pt-BR', 'Mañana vamos a la playa.', ['es-pt_BR']],
    ['es', 'pt', 'Mañana vamos a la playa.', ['es-pt']],
    ['en', 'ca-valencia', 'This is my house.', ['eng-cat_valencia']],
  ])('gives the words of the pipeline: %s to %s', async (source, target, text, modes) => {
    await expect(translate(engine, text, source, target)).resolves.toBe(await apertium(text, ...modes));
  });

  it.each([
    ['fr', 'es', 'Nous avons vendu trois maisons.', ['fra-cat', 'cat-spa']],
    ['en', 'pt-BR', 'Tomorrow we go to the beach.', ['eng-spa', 'es-pt_BR']],
    ['en', 'fr', 'Tomorrow we go to the beach.', ['eng-cat', 'cat-fra']],
    ['en', 'it', 'Tomorrow we go to the beach.', ['eng-spa', 'spa-ita']],
  ])('goes through another language where there is no direct way: %s to %s', async (source, target, text, modes) => {
    await expect(translate(engine, text, source, target)).resolves.toBe(await apertium(text, ...modes));
  });

  it.each([
    ['en-GB', 'es-MX', 'en', 'es'],
    ['en-us', 'ES', 'en', 'es'],
    ['es', 'pt-PT', 'es', 'pt'],
    ['eng', 'spa', 'en', 'es'],
  ])('takes the nearest language for a tag it lacks: %s to %s', async (source, target, sourceMeant, targetMeant) => {
    const [given, meant] = await Promise.all([
      translate(engine, 'La casa is good.', source, target),
      translate(engine, 'La casa is good.', sourceMeant, targetMeant),
    ]);
    expect(given).toBe(meant);
  });

  it('refuses a pair that it lacks, and names those that it has', async () => {
    const refused = engine.client.chat.completions.create(chatRequest('Hello.', 'en', 'ja'));
    await expect(refused).rejects.toBeInstanceOf(BadRequestError);
    await expect(refused).rejects.toMatchObject({
      status: 400,
      code: 'language_pair_unsupported',
      param: 'messages',
      message: expect.stringMatching(/no translation from en to ja; the pairs are .*en>es/),
    });
    expect((await engine.stats()).rejected).toBe(1);
  });

  it('refuses to translate a language into itself', async () => {
    await expect(translate(engine, 'Hello.', 'en', 'en')).rejects.toMatchObject({ code: 'language_pair_unsupported' });
  });

  it.each([
    'Zyxwv ^qwrt$ <zxcvb> {zzxx}',
    'zxqw [zxqw] @zxqw \\zxqw /zxqw',
    '*zxqw* #zxqw ~zxqw +zxqw',
    'zxqw~zxqw ~ ~~zxqw~',
    '~',
    '[[zxqw/*]] \\\\ ^^$$',
    'zxqw & "zxqw" %41 zxqw=1;zxqw',
    'zxqw.[] zxqw[.]',
    '🙂 zxqw 日本語',
  ])('leaves special characters as they are: %s', async (text) => {
    await expect(translate(engine, text, 'en', 'es')).resolves.toBe(text);
  });

  it.each(['', ' ', '\n', ' \t\r\n ', '\u00a0', '\u2028', '\u0000'])(
    'gives blank text back blank: %j',
    async (text) => {
      const translation = await translate(engine, text, 'en', 'es');
      expect(translation?.trim().replaceAll('\u0000', '')).toBe('');
    },
  );

  it.each([
    '  The house.  ',
    '\nThe house.\n\n',
    'The  house.\tThe   house.',
    'The house.\r\nThe house.\r\n\r\nThe house.',
    'The\u00a0house. \u2028 The house.',
    'The house.\n\n\n   \nThe house.',
  ])('keeps white space as it is: %j', async (text) => {
    const blanks = (given: string): string[] => given.match(/\s+/g) ?? [];
    const translation = await translate(engine, text, 'en', 'es');
    expect(translation?.match(/[Cc]asa/g)).toHaveLength(text.match(/house/g)?.length ?? 0);
    expect(blanks(translation ?? '')).toEqual(blanks(text));
  });

  it('survives control characters, and goes on in step', async () => {
    const odd = 'The\u0000 house\u0001. \u001b[0m\u0007';
    await expect(translate(engine, odd, 'en', 'es')).resolves.toMatch(/casa/);
    await expect(translate(engine, 'Good morning everyone.', 'en', 'es')).resolves.toBe('Buenos días Todo el mundo.');
  });

  it('translates a text of many thousand characters in whole', async () => {
    const count = 400;
    const text = Array.from({ length: count }, (_, number) => `House ${number} is big.`).join(' ');
    const translation = await translate(engine, text, 'en', 'es');
    expect(translation?.match(/\d+/g)).toEqual(Array.from({ length: count }, (_, number) => `${number}`));
    expect(translation).not.toMatch(/is big/);
  });

  it('gives each of 50 concurrent requests its own words', async () => {
    const pairs = [
      ['en', 'es', 'The house number zq%d is big.'],
      ['en', 'ca', 'The house number zq%d is big.'],
      ['es', 'en', 'La casa número zq%d es grande.'],
      ['es', 'ca', 'La casa número zq%d es grande.'],
      ['fr', 'es', 'La maison numéro zq%d est grande.'],
    ] as const;
    const requests = Array.from({ length: 50 }, (_, number) => {
      const [source, target, pattern] = pairs[number % pairs.length] ?? pairs[0];
      return { number, source, target, pattern, text: pattern.replace('%d', `${number}`) };
    });
    const alone = new Map<string, string>();
    for (const [source, target, pattern] of pairs) {
      const translation = await translate(engine, pattern.replace('%d', '999'), source, target);
      alone.set(`${target}<${pattern}`, translation ?? '');
    }
    const translations = await Promise.all(
      requests.map(({ text, source, target }) => translate(engine, text, source, target)),
    );
    expect(translations).toEqual(
      requests.map(({ number, target, pattern }) => alone.get(`${target}<${pattern}`)?.replace('999', `${number}`)),
    );
  });

  it('streams the same words', async () => {
    const stream = await engine.client.chat.completions.create({
      ...chatRequest('Good morning everyone.', 'en', 'es'),
      stream: true,
    });
    let reply = '';
    for await (const { choices } of stream) reply += choices[0]?.delta.content ?? '';
    expect(reply).toBe('Buenos días Todo el mundo.');
  });

  it('logs nothing of what was said', async () => {
    await translate(engine, 'The sarcophagus is empty.', 'en', 'es');
    const log = JSON.stringify(engine.logLines);
    expect(log).toContain('replied');
    expect(log).not.toMatch(/sarcophagus|sarcófago|Good morning|Buenos/i);
  });
});
