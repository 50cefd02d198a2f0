import { describe, expect, it } from '@jest/globals';
import { EngineReplyError } from '../src/index.ts';
import { fallback, request, serviceOf, unavailable } from './translation-service-fixture.ts';

describe('translateFinal', () => {
  it('asks once more, strictly, after a reply that is no translation, and counts the tokens of both', async () => {
    const { service, calls } = serviceOf([[''], ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ attempts: 2 });
    expect(calls.map(({ strict }) => strict)).toEqual([false, true]);
  });

  it('does not retry after two such replies', async () => {
    const { service, calls } = serviceOf([[''], [''], ['Buenos días.']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(EngineReplyError);
    expect(calls).toHaveLength(2);
  });

  const oddReply = ['Sure! Here is the translation: ', 'Buenos días.'];
  const another = { ...request, text: 'Where do we meet?' };

  it('takes the second reply where only the first one looks odd', async () => {
    const { service, calls } = serviceOf([oddReply, ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ text: 'Buenos días.', attempts: 2 });
    expect(result.suspect).toBeUndefined();
    expect(calls.map(({ strict }) => strict)).toEqual([false, true]);
  });

  it.each([
    ['both replies look odd', request, [oddReply, oddReply], oddReply.join('')],
    ['the first reply is empty and the second odd', request, [[''], ['Translation: hola']], 'Translation: hola'],
    ['a question is answered twice', another, [['En la plaza.'], ['En la plaza.']], 'En la plaza.'],
    ['calls fail in between', request, [unavailable, oddReply, unavailable, oddReply], oddReply.join('')],
  ])('marks the last reply where %s', async (_, given, steps, text) => {
    const { service, calls } = serviceOf(steps);
    expect(await service.translateFinal(given)).toMatchObject({ text, suspect: true, attempts: steps.length });
    expect(calls).toHaveLength(steps.length);
  });

  it('fails if the second reply cannot be shown', async () => {
    const { service } = serviceOf([oddReply, [' ']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(EngineReplyError);
  });

  it('tells of a translation that a stand-in made, unless another reply took its place', async () => {
    const [one, two] = [serviceOf([['Buenos días.', fallback]]), serviceOf([['', fallback], ['Buenos días.']])];
    expect(await one.service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', isFallbackResult: true });
    expect((await two.service.translateFinal(request)).isFallbackResult).toBeUndefined();
  });

  it('takes quotation marks off that the speaker did not say', async () => {
    const { service, calls } = serviceOf([['"Buenos', ' días."\n']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.' });
    expect(calls).toHaveLength(1);
  });

  it('does not read a reply to its end that outgrows any translation, and asks again', async () => {
    const runaway = Array.from({ length: 1000 }, () => 'palabra '.repeat(10));
    const { service, calls, read } = serviceOf([runaway, ['Buenos días.']]);
    expect(await service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', attempts: 2 });
    expect(read()).toBeLessThan(10);
    expect(calls).toHaveLength(2);
  });

  it('shows nothing of a reply that looks odd while it grows, nor of the next one', async () => {
    const { service } = serviceOf([["I'm sorry,", ' but I can', "'t help with that."], ['Buenos días.']]);
    const progress: string[] = [];
    await service.translateFinal(request, { onProgress: (text) => progress.push(text) });
    expect(progress).toEqual(["I'm sorry,", "I'm sorry, but I can"]);
  });

  const long = { ...request, text: 'Café Müller opens tomorrow morning, so we meet in front of the station.' };
  const german = { ...long, target: 'de' };
  const chinese = { ...long, source: 'zh', text: '我们明天早上在车站前面见面，然后一起坐火车去北京看朋友' };
  /** In its letters, so that each of them is a piece, accents too. */
  const inLetters = (text: string): string[] => Array.from(text.normalize('NFD'));

  it.each([
    ['the text itself', long, long.text],
    ['the text in capitals and quotation marks', long, `"${long.text.toUpperCase()}"`],
    ['the Chinese text itself', chinese, chinese.text],
    ['the text and its translation', german, `${long.text} Das Café öffnet morgen früh, wir treffen uns am Bahnhof.`],
    ['in the script of the text', { ...long, target: 'ru' }, 'Café Müller will open its doors tomorrow morning.'],
    ['in the script of a Chinese text', chinese, '我们明早见面，一起去北京看望朋友'],
  ])('shows nothing of a reply that is %s while it grows', async (_, given, reply) => {
    const { service } = serviceOf([inLetters(reply), ['Nos vemos mañana.']]);
    const progress: string[] = [];
    await service.translateFinal(given, { onProgress: (text) => progress.push(text) }).catch(() => undefined);
    expect(progress).toEqual([]);
  });

  it.each([
    ['the name that it begins with', german, ['Café', ' Müller', ' öffnet', ' morgen']],
    ['a name in another script', { ...long, target: 'zh' }, ['Café', ' Müller', ' 明天', '早上']],
  ])('shows a reply from where it is more than %s', async (_, given, pieces) => {
    const { service } = serviceOf([pieces]);
    const progress: string[] = [];
    await service.translateFinal(given, { onProgress: (text) => progress.push(text) });
    expect(progress).toEqual([pieces.slice(0, 3).join(''), pieces.join('')]);
  });

  it('shows no more of a translation once the text itself stands behind it', async () => {
    const { service } = serviceOf([['Das Café Müller öffnet morgen früh, darum treffen wir uns.', ` ${long.text}`]]);
    const progress: string[] = [];
    await service.translateFinal(german, { onProgress: (text) => progress.push(text) }).catch(() => undefined);
    expect(progress).toEqual(['Das Café Müller öffnet morgen früh, darum treffen wir uns.']);
  });

  it.each([
    ['a short text that is its own translation', { ...request, text: 'Amen, amen.' }, ['Amen,', ' amen.']],
    ['between languages that are nearly the same', { ...long, target: 'en-GB' }, ['Café Müller', ' opens']],
    ['a number', { ...long, target: 'zh' }, ['2026', '年']],
    ['a stand-in in no language', { ...long, target: 'zh' }, ['[zh] Café Müller', ' opens']],
  ])('shows all of %s', async (_, given, pieces) => {
    const { service } = serviceOf([pieces]);
    const progress: string[] = [];
    await service.translateFinal(given, { onProgress: (text) => progress.push(text) });
    expect(progress).toEqual([pieces[0], pieces.join('')]);
  });
});
