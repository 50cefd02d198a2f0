import { describe, expect, it } from '@jest/globals';
import { EngineReplyError } from '../src/index.ts';
import { request, serviceOf, standIn, unavailable } from './translation-service-fixture.ts';

describe('translateFinal', () => {
  it('asks once more, strictly, after a reply that is no translation, and counts the tokens of both', async () => {
    const { service, calls } = serviceOf([[''], ['Buenos días.']]);
    const result = await service.translateFinal(request);
    expect(result).toMatchObject({ attempts: 2, usage: { promptTokens: 80, completionTokens: 14 } });
    expect(calls.map(({ strict }) => strict)).toEqual([false, true]);
  });

  it('asks no third time after two such replies', async () => {
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
    ['there is no further attempt', request, [unavailable, unavailable, oddReply], oddReply.join('')],
  ])('marks the last reply where %s', async (_, given, steps, text) => {
    const { service, calls } = serviceOf(steps);
    expect(await service.translateFinal(given)).toMatchObject({ text, suspect: true, attempts: steps.length });
    expect(calls).toHaveLength(steps.length);
  });

  it('fails where the second reply is nothing to show', async () => {
    const { service } = serviceOf([oddReply, [' ']]);
    await expect(service.translateFinal(request)).rejects.toBeInstanceOf(EngineReplyError);
  });

  it('tells of a translation that a stand-in made, unless another reply took its place', async () => {
    const [one, two] = [serviceOf([['Buenos días.', standIn]]), serviceOf([['', standIn], ['Buenos días.']])];
    expect(await one.service.translateFinal(request)).toMatchObject({ text: 'Buenos días.', standIn: true });
    expect((await two.service.translateFinal(request)).standIn).toBeUndefined();
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
});
