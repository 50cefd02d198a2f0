import { describe, expect, it } from '@jest/globals';
import { LogReader } from '../src/log/index.ts';
import { openSession, translatedPartial } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

const shown = (text: string) => translatedPartial(1, 'es', text);
const targets = ['es', 'ca'];

/** A session in which a partial's translation was shown and the next partial was put. */
async function afterShown() {
  const session = await openSession(redis, { targetLanguages: targets });
  const { hold, commit, put } = session;
  const { lease, shown: shownBefore } = await hold(1, 0, 'Good', targets);
  expect(shownBefore.size).toBe(0);
  await commit(lease, { text: 'Buenos' });
  await put(1, 1, 'Good morning', targets);
  return { ...session, pendingFields: () => redis.hkeys(`{s:${session.sessionId}}:pending`) };
}

describe('the translation last shown', () => {
  it('is returned with the final of its target only, and deleted with its result', async () => {
    const { segmentTarget, settle, resolve, pending, pendingFields } = await afterShown();
    await settle(1, 'Good morning.', targets);
    for (const run of [1, 2]) {
      expect([run, await pending.read(segmentTarget(1))]).toMatchObject([
        run,
        { status: 'outstanding', shown: { revision: 1, caption: { text: 'Buenos' } } },
      ]);
    }
    expect(await pending.read(segmentTarget(1, 'ca'))).toMatchObject({
      status: 'outstanding',
      shown: { caption: undefined },
    });
    await resolve(1);
    expect((await pendingFields()).filter((field) => field.startsWith('shown'))).toEqual([]);
  });

  it('is that of the newest preview; previews are published in sequence and once', async () => {
    const { segmentTarget, settle, pending } = await afterShown();
    await settle(1, 'Good morning.', targets);
    const [first, second] = [shown('Buenos días'), shown('Buenos días a todos')];
    expect(await pending.preview(segmentTarget(1), first, 1)).toEqual({ status: 'published', revision: 2 });
    // Sent again, as after a lost connection.
    expect(await pending.preview(segmentTarget(1), first, 1)).toEqual({ status: 'published', revision: 2 });
    const overtaken = { status: 'overtaken', shown: { revision: 2, caption: { text: 'Buenos días' } } };
    expect(await pending.preview(segmentTarget(1), second, 1)).toMatchObject(overtaken);
    expect(await pending.preview(segmentTarget(1), second, 2)).toEqual({ status: 'published', revision: 3 });
    expect(await pending.read(segmentTarget(1))).toMatchObject({
      shown: { revision: 3, caption: { text: 'Buenos días a todos' } },
    });
  });

  it('is returned to a new client while the segment is open or its final outstanding', async () => {
    const { sessionId, segmentTarget, settle, resolve, pending } = await afterShown();
    const log = new LogReader(redis);
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 0, partial: shown('Buenos') }]);
    await settle(1, 'Good morning.', targets);
    // Revision 1 was put, but revision 0's translation is shown.
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 0, partial: shown('Buenos') }]);
    await pending.preview(segmentTarget(1), shown('Buenos días'), 1);
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 2, partial: shown('Buenos días') }]);
    await resolve(1);
    expect(await log.readOpenPartials(sessionId)).toEqual([]);
  });

  it('I39: is returned to a new client with what is concluded', async () => {
    const { sessionId, hold, segments, settle } = await openSession(redis);
    const { lease } = await hold(1, 0, 'Good morning');
    const partial = { ...shown('Buenos días'), concludedLength: 7 };
    await segments.commit({ sessionId, segmentId: 1, target: 'es' }, lease, 0, partial);
    const log = new LogReader(redis);
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 0, partial }]);
    await settle(1, 'Good morning.');
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 0, partial }]);
  });
});
