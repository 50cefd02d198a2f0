import { CorrectionStore } from '../src/correction/index.ts';
import { EarlierFinals, LogReader } from '../src/log/index.ts';
import { SessionInspection } from '../src/schedule/index.ts';
import { describe, expect, it } from '@jest/globals';
import { openSession, metadata, unlimited } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

async function correctable(settings: Parameters<typeof openSession>[1] = {}, targets = ['es', 'ca']) {
  const session = await openSession(redis, { targetLanguages: targets, ...settings });
  const { sessionId } = session;
  const corrections = new CorrectionStore(redis);
  const common = (segmentId: number, correctionId: string) => ({ tenant: 't', sessionId, segmentId, correctionId });
  const corrected = (segmentId: number, targetLanguage: string, text: string) =>
    ({ ...metadata, type: 'corrected', segmentId, targetLanguage, text }) as const;
  return {
    ...session,
    corrections,
    corrected,
    final: async (segmentId: number) => {
      await session.settle(segmentId, `final ${segmentId}`, targets);
      for (const target of targets) await session.resolve(segmentId, target);
    },
    correctText: (
      segmentId: number,
      text: string,
      correctionId = text,
      copied: readonly string[] = [],
      quota = unlimited,
    ) =>
      corrections.correct(
        {
          ...common(segmentId, correctionId),
          entry: { ...metadata, type: 'corrected-transcript', segmentId, text },
          targets: targets.filter((target) => !copied.includes(target)),
          copies: copied.map((target) => corrected(segmentId, target, text)),
        },
        quota,
      ),
    correctTarget: (segmentId: number, target: string, text: string, correctionId = text) =>
      corrections.correct({ ...common(segmentId, correctionId), entry: corrected(segmentId, target, text) }, unlimited),
    entries: async () =>
      (await new LogReader(redis).readAfter(sessionId, 0, 1000)).map(({ entry }) =>
        entry === undefined || entry.type === 'ended'
          ? entry?.type
          : `${entry.type} ${'text' in entry ? entry.text : ''}`,
      ),
    field: (name: string) => redis.hget(`{s:${sessionId}}:session`, name),
  };
}

describe('a correction', () => {
  it('I19, I45: that is sent twice is in the log once, and has the same outstanding targets', async () => {
    const { final, correctText, correctTarget, corrections, corrected, segmentTarget, entries, field } =
      await correctable();
    await final(1);
    const first = await correctText(1, 'new');
    expect(first).toMatchObject({ status: 'accepted', outstanding: [{ target: 'es' }, { target: 'ca' }] });
    expect(await correctText(1, 'new')).toEqual(first);
    expect(await field('outstanding')).toBe('2');
    expect(await correctTarget(1, 'es', 'hecho a mano')).toEqual({ status: 'accepted', outstanding: [] });
    expect(await correctTarget(1, 'es', 'hecho a mano')).toEqual({ status: 'accepted', outstanding: [] });
    expect(await field('outstanding')).toBe('1');
    expect(await corrections.read(segmentTarget(1, 'es'))).toEqual({ status: 'none' });
    const found = await corrections.read(segmentTarget(1, 'ca'));
    expect(found).toMatchObject({ status: 'outstanding', text: 'new', tenant: 't' });
    const version = found.status === 'outstanding' ? found.version : '';
    const usage = { isTranslated: true, isCached: false };
    const made = corrected(1, 'ca', 'nou');
    expect(await corrections.resolve(segmentTarget(1, 'ca'), version, made, usage)).toBe('resolved');
    expect(await corrections.resolve(segmentTarget(1, 'ca'), version, made, usage)).toBe('none');
    expect((await entries()).slice(3)).toEqual(['corrected-transcript new', 'corrected hecho a mano', 'corrected nou']);
    expect([await field('outstanding'), await field('usageTranslations')]).toEqual(['0', '3']);
  });

  it('I45: replaces the work of an earlier one, whose result is dropped', async () => {
    const { final, correctText, corrections, corrected, segmentTarget, entries, field } = await correctable({}, ['es']);
    await final(1);
    await correctText(1, 'older');
    const older = await corrections.read(segmentTarget(1));
    await correctText(1, 'newer');
    expect(await field('outstanding')).toBe('1');
    const version = older.status === 'outstanding' ? older.version : '';
    expect(await corrections.resolve(segmentTarget(1), version, corrected(1, 'es', 'viejo'))).toBe('none');
    expect(await corrections.read(segmentTarget(1))).toMatchObject({ text: 'newer' });
    await correctText(1, '', 'clears', ['es']);
    expect(await corrections.read(segmentTarget(1))).toEqual({ status: 'none' });
    expect((await entries()).at(-1)).toBe('corrected ');
    expect(await field('outstanding')).toBe('0');
  });

  it.each([false, true])('I45: waits for the final of its target (ordered: %s)', async (ordered) => {
    const session = await correctable({ ordered }, ['es']);
    const { settle, resolve, correctText, correctTarget, corrections, segmentTarget, entries } = session;
    await settle(1, 'first');
    await settle(2, 'second');
    await correctText(2, 'x', 'x', ['es']);
    expect(await corrections.read(segmentTarget(2))).toEqual({ status: 'early' });
    expect(await correctTarget(2, 'es', 'y')).toEqual({ status: 'not-settled' });
    await resolve(2);
    expect((await corrections.read(segmentTarget(2))).status).toBe(ordered ? 'early' : 'outstanding');
    await resolve(1);
    const found = await corrections.read(segmentTarget(2));
    if (found.status !== 'outstanding') throw new Error('the correction is not outstanding');
    await corrections.resolve(segmentTarget(2), found.version, found.entry);
    expect((await entries()).at(-1)).toBe('corrected x');
  });

  it('keeps an ending session open until it is translated, and its missing job is added again', async () => {
    const { sessionId, sessions, final, correctText, corrections, segmentTarget, pending, entries } =
      await correctable();
    await final(1);
    await correctText(1, 'new', 'new', ['ca']);
    await sessions.end(sessionId, 'owner');
    const inspection = new SessionInspection(redis);
    await redis.hset(`{s:${sessionId}}:pending`, 'out c1 es', '1 0 5 0');
    const inspected = await inspection.inspect(sessionId, true);
    const job = { segmentId: 1, target: 'es', number: '1', priority: 0, isCorrection: true };
    expect(inspected).toMatchObject({ state: 'ending', outstanding: [job] });
    expect(Number(await pending.renumber({ ...segmentTarget(1), isCorrection: true }, '1'))).toBeGreaterThan(1);
    expect(await corrections.resolve(segmentTarget(1), undefined, undefined)).toBe('resolved');
    expect((await entries()).at(-1)).toBe('ended');
    expect(await correctText(1, 'later')).toEqual({ status: 'ending' });
    expect(await correctText(1, 'new')).toMatchObject({ status: 'accepted' });
  });

  it('I3: a session ends whose corrections an edge of an earlier version accepted without counting their bytes', async () => {
    const { sessionId, sessions, final, correctText, corrections, corrected, segmentTarget, field } = await correctable(
      {},
      ['es'],
    );
    await final(1);
    await correctText(1, 'new');
    await redis.hdel(`{s:${sessionId}}:pending`, 'cost c1');
    await redis.hdel(`{s:${sessionId}}:session`, 'outstandingBytes');
    await sessions.end(sessionId, 'owner');
    const work = await corrections.read(segmentTarget(1));
    const version = work.status === 'outstanding' ? work.version : '';
    expect(await corrections.resolve(segmentTarget(1), version, corrected(1, 'es', 'nuevo'))).toBe('resolved');
    expect(await field('outstanding')).toBe('0');
    expect(await field('state')).toBe('ended');
  });

  it('is refused for an unknown or old segment, another tenant and another language', async () => {
    const { sessionId, final, corrections, correctText, correctTarget } = await correctable();
    await final(5);
    expect(await correctText(6, 'x')).toEqual({ status: 'not-settled' });
    expect(await correctTarget(5, 'fr', 'x')).toEqual({ status: 'not-offered' });
    const entry = { ...metadata, type: 'corrected', segmentId: 5, targetLanguage: 'es', text: 'x' } as const;
    const byStranger = { tenant: 'other', sessionId, segmentId: 5, correctionId: 'c', entry };
    expect(await corrections.correct(byStranger, unlimited)).toEqual({ status: 'gone' });
    expect(await corrections.find('other', sessionId, 5)).toEqual({ status: 'gone' });
    expect(await corrections.find('t', 'nobody', 5)).toEqual({ status: 'gone' });
    expect(await corrections.find('t', sessionId, 6)).toEqual({ status: 'not-settled' });
    expect(await corrections.find('t', sessionId, 5)).toEqual({ status: 'found', metadata, targets: ['es', 'ca'] });
    await redis.del(`{s:${sessionId}}:log`);
    expect(await corrections.find('t', sessionId, 5)).toMatchObject({ status: 'found' });
    await redis.del(`{s:${sessionId}}:transcript`);
    expect(await corrections.find('t', sessionId, 5)).toEqual({ status: 'too-old' });
  });

  it('I18: leaves nothing behind for segments that are no longer remembered, and few names for the others', async () => {
    const { sessionId, settle, correctTarget, resolve } = await correctable({}, ['es']);
    await settle(0);
    await resolve(0);
    for (let number = 0; number < 40; number++) await correctTarget(0, 'es', `text ${number}`);
    const names = async () => (await redis.hget(`{s:${sessionId}}:segments`, 'corrections 0'))?.split(' ');
    expect(await names()).toHaveLength(16);
    await Promise.all(Array.from({ length: 1400 }, (_, segment) => settle(segment + 1, 'x', [])));
    expect(await names()).toBeUndefined();
    expect(await correctTarget(0, 'es', 'x')).toEqual({ status: 'too-old' });
    expect(await redis.hlen(`{s:${sessionId}}:segments`)).toBeLessThan(2 * 1300);
  });

  it('is what later finals get as context', async () => {
    const { final, correctText, correctTarget, segmentTarget } = await correctable();
    for (const segmentId of [1, 2, 3]) await final(segmentId);
    await correctTarget(1, 'es', 'uno');
    await correctText(2, 'two');
    await correctText(3, 'three');
    await correctTarget(3, 'es', 'tres');
    const earlier = await new EarlierFinals(redis).before(segmentTarget(9), 'en');
    expect(earlier).toEqual([
      { text: 'final 1', translation: 'uno' },
      { text: 'three', translation: 'tres' },
    ]);
  });
});
