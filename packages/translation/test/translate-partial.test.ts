import { describe, expect, it } from '@jest/globals';
import {
  EngineDownError,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  RateLimitReachedError,
} from '../src/index.ts';
import { request, serviceOf, unavailable } from './translation-service-fixture.ts';

describe('translatePartial', () => {
  it('makes one call and trims what it gives', async () => {
    const { service, calls } = serviceOf([['Buenos', ' días.\n']]);
    const result = await service.translatePartial({ ...request, kind: 'partial', text: ' Good \n morning. ' });
    expect(result).toEqual({ text: 'Buenos días.', engineMs: 10, attempts: 1, cached: false, joined: false });
    expect(calls.map(({ text }) => text)).toEqual(['Good morning.']);
  });

  it('passes on the reply while it is streamed, except of a long text, which is translated in pieces', async () => {
    const { service, calls } = serviceOf([
      ['Buenos', ' días.'],
      ...Array<readonly string[]>(4).fill(['Muy', ' bien.']),
    ]);
    const progress: string[] = [];
    const partial = { ...request, kind: 'partial', isStreamed: true } as const;
    await service.translatePartial(partial, (text) => progress.push(text));
    expect(progress).toEqual(['Buenos', 'Buenos días.']);
    expect(calls[0]?.isStreamed).toBe(true);
    await service.translatePartial({ ...partial, text: 'Very well. '.repeat(50) }, (text) => progress.push(text));
    expect(calls.length).toBeGreaterThan(2);
    expect(progress).toHaveLength(2);
  });

  it.each(
    [
      unavailable,
      new EngineRateLimitedError('slow down', 5),
      new EngineRejectedError('bad key'),
      new EngineDownError(1),
    ].map((error) => [error.name, error] as const),
  )('lets an %s go up', async (_, error) => {
    const { service, calls } = serviceOf([error, ['Buenos días.']]);
    await expect(service.translatePartial(request)).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it.each([[' '], ['Translation: buenos días']])('lets the bad reply %j go up', async (reply) => {
    const { service, calls } = serviceOf([[reply], ['Buenos días.']]);
    await expect(service.translatePartial({ ...request, kind: 'partial' })).rejects.toBeInstanceOf(EngineReplyError);
    expect(calls).toHaveLength(1);
  });
});

describe('what readers see', () => {
  const previous = { text: 'Good', translation: 'Buenos' };
  const partial = { ...request, kind: 'partial', previous } as const;

  it.each([
    ['uses it', previous, () => true],
    ['does not say whether it uses it', previous, undefined],
    ['does not use it', { translation: 'Buenos' }, () => false],
    [
      'uses it for other languages only',
      { translation: 'Buenos' },
      ({ target }: { target: string }) => target === 'de',
    ],
  ])('reaches an engine that %s as %j', async (_, expected, usesPrevious) => {
    const { service, calls } = serviceOf([['Buenos días.']], {}, Infinity, usesPrevious);
    await service.translatePartial(partial);
    expect(calls[0]?.previous).toEqual(expected);
  });
});

describe('translatePartial where there is no room', () => {
  it('is not made', async () => {
    const noRoom = new RateLimitReachedError(1);
    const { service } = serviceOf([noRoom, ['Buenos días.']]);
    await expect(service.translatePartial({ ...request, kind: 'partial' })).rejects.toBe(noRoom);
  });
});
