import { describe, expect, it } from '@jest/globals';
import { EarlierFinals } from '../src/log/index.ts';
import { openSession, metadata, unlimited } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

async function session() {
  const opened = await openSession(redis, { targetLanguages: ['es', 'ca'] });
  const { sessionId, pending, segmentTarget } = opened;
  const earlier = new EarlierFinals(redis);
  return {
    ...opened,
    /** Settles a final in the given language, with the given result if any. */
    final: async (segmentId: number, text: string, result: { language?: string; flags?: string[] } = {}) => {
      const finalMetadata = { ...metadata, language: result.language ?? 'en' };
      const targets = ['es', 'ca'];
      await pending.settle(
        {
          sessionId,
          connection: 'owner',
          segmentId,
          text,
          metadata: finalMetadata,
          targets,
          listenerTargets: [],
          listenersOnly: [],
          copies: [],
        },
        unlimited,
      );
      for (const target of targets) {
        await pending.resolve(segmentTarget(segmentId, target), {
          ...finalMetadata,
          type: 'translation',
          segmentId,
          targetLanguage: target,
          text: `[${target}] ${text}`,
          cached: false,
          queueMs: 0,
          engineMs: 0,
          ...(result.flags === undefined ? {} : { flags: result.flags }),
        });
      }
    },
    before: async (segmentId: number, target = 'es', language = 'en') =>
      (await earlier.before(segmentTarget(segmentId, target), language)).map(({ text, translation }) => [
        text,
        translation,
      ]),
  };
}

describe('the context of a final', () => {
  it('is the last three finals, oldest first, with the translations of its target', async () => {
    const { final, before } = await session();
    for (const segment of [1, 2, 3, 4, 5]) await final(segment, `text ${segment}`);
    const pair = (segment: number, target: string) => [`text ${segment}`, `[${target}] text ${segment}`];
    expect(await before(5)).toEqual([2, 3, 4].map((segment) => pair(segment, 'es')));
    expect(await before(2, 'ca')).toEqual([pair(1, 'ca')]);
    expect(await before(1)).toEqual([]);
    expect(await before(5, 'fr')).toEqual([]);
  });

  it('omits other languages, empty finals, and translations that are missing, failed or suspect', async () => {
    const { final, before, settle, pending, segmentTarget } = await session();
    await final(1, 'sound');
    await final(2, 'bonjour', { language: 'fr' });
    await final(3, 'odd', { flags: ['suspect'] });
    await final(4, ' ');
    await settle(5, 'failed');
    await pending.resolve(segmentTarget(5), {
      v: 1,
      type: 'failed',
      segmentId: 5,
      targetLanguage: 'es',
      code: 'engine-bad-reply',
      message: 'm',
    });
    await settle(6, 'not yet');
    expect(await before(7)).toEqual([['sound', '[es] sound']]);
    expect(await before(7, 'es', 'fr')).toEqual([['bonjour', '[es] bonjour']]);
  });

  it('includes other regions of the language, but no other scripts and no copies', async () => {
    const { final, before } = await session();
    await final(1, 'hola', { language: 'es-MX' });
    await final(2, 'buenas', { language: 'es' });
    await final(3, 'igual', { language: 'es-AR', flags: ['source'] });
    await final(4, '早上好', { language: 'zh-CN' });
    await final(5, 'detected', { language: 'und' });
    const inSpanish = [
      ['hola', '[ca] hola'],
      ['buenas', '[ca] buenas'],
    ];
    expect(await before(9, 'ca', 'es-AR')).toEqual(inSpanish);
    expect(await before(9, 'ca', 'es')).toEqual(inSpanish);
    expect(await before(9, 'ca', 'zh-TW')).toEqual([]);
    expect(await before(9, 'ca', 'zh')).toEqual([['早上好', '[ca] 早上好']]);
    expect(await before(9, 'ca', 'und')).toEqual([['detected', '[ca] detected']]);
  });

  it('is limited to 1,000 characters, newest first', async () => {
    const { final, before } = await session();
    await final(1, 'short');
    await final(2, 'x'.repeat(600));
    await final(3, 'y'.repeat(200));
    await final(4, 'z'.repeat(200));
    expect((await before(5)).map(([text]) => text?.[0])).toEqual(['y', 'z']);
    expect(await before(3)).toEqual([]);
  });

  it('is read from at most 64 KiB of the log', async () => {
    const { final, before } = await session();
    for (const segment of [1, 2]) await final(segment, `text ${segment}`);
    for (const segment of [3, 4, 5]) await final(segment, 'x'.repeat(10_000));
    const sentBefore = await bytesSent();
    expect(await before(6)).toEqual([]);
    expect((await bytesSent()) - sentBefore).toBeLessThan(66_000);
  });
});

async function bytesSent(): Promise<number> {
  return Number(/total_net_output_bytes:(\d+)/.exec(await redis.info('stats'))?.[1]);
}
