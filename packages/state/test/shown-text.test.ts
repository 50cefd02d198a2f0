import { describe, expect, it } from '@jest/globals';
import { LogReader, type PartialResult } from '../src/index.ts';
import { openSession, spoken, ticketOf } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

const shown = (text: string): PartialResult => ({
  ...spoken,
  type: 'partial',
  segmentId: 1,
  targetLanguage: 'es',
  text,
  queueMs: 0,
  engineMs: 0,
});

/** A session in which the translation of one partial was shown, and the ticket of the next one. */
async function afterShown(keepShown: boolean) {
  const session = await openSession(redis, { targetLanguages: ['es', 'ca'] }, 2, { keepShown });
  const { slots, segmentTarget, put } = session;
  const first = ticketOf(await put(1, 0, 'Good', ['es', 'ca']));
  expect(await slots.take(segmentTarget(1), first, 'thread')).toMatchObject({ status: 'taken', previous: undefined });
  await slots.commit(segmentTarget(1), first, 0, JSON.stringify(shown('Buenos')));
  const ticket = ticketOf(await put(1, 1, 'Good morning', ['es', 'ca']));
  return { ...session, ticket, pendingFields: () => redis.hkeys(`{s:${session.sessionId}}:pending`) };
}

describe('the translation that was last shown', () => {
  it('comes with the next revision and with the final, of its own target only, and goes with the result', async () => {
    const { slots, segmentTarget, settle, resolve, pending, ticket, pendingFields } = await afterShown(true);
    expect(await slots.take(segmentTarget(1), ticket, 'thread')).toMatchObject({ status: 'taken', previous: 'Buenos' });
    await settle(1, 'Good morning.', ['es', 'ca']);
    for (const run of [1, 2]) {
      expect([run, await pending.read(segmentTarget(1))]).toMatchObject([
        run,
        { status: 'outstanding', shown: { text: 'Buenos' } },
      ]);
    }
    expect(await pending.read(segmentTarget(1, 'ca'))).toMatchObject({ status: 'outstanding', shown: { text: undefined } });
    await resolve(1);
    expect((await pendingFields()).filter((field) => field.startsWith('shown'))).toEqual([]);
  });

  it('comes with the final also where partials do without it', async () => {
    const { slots, segmentTarget, settle, pending, ticket } = await afterShown(false);
    expect(await slots.take(segmentTarget(1), ticket, 'thread')).toMatchObject({ status: 'taken', previous: undefined });
    await settle(1, 'Good morning.', ['es', 'ca']);
    expect(await pending.read(segmentTarget(1))).toMatchObject({ shown: { revision: 1, text: 'Buenos' } });
  });

  it('is that of the newest preview, of which one is published after another and each once', async () => {
    const { segmentTarget, settle, pending } = await afterShown(false);
    await settle(1, 'Good morning.', ['es', 'ca']);
    const [first, second] = [shown('Buenos días'), shown('Buenos días a todos')];
    expect(await pending.preview(segmentTarget(1), first, 1)).toEqual({ status: 'published', revision: 2 });
    // Sent again, as after a cut connection.
    expect(await pending.preview(segmentTarget(1), first, 1)).toEqual({ status: 'published', revision: 2 });
    const overtaken = { status: 'overtaken', shown: { revision: 2, text: 'Buenos días' } };
    expect(await pending.preview(segmentTarget(1), second, 1)).toEqual(overtaken);
    expect(await pending.preview(segmentTarget(1), second, 2)).toEqual({ status: 'published', revision: 3 });
    expect(await pending.read(segmentTarget(1))).toMatchObject({ shown: { revision: 3, text: 'Buenos días a todos' } });
  });

  it('is there for whoever comes while the final is outstanding', async () => {
    const { sessionId, segmentTarget, settle, resolve, pending } = await afterShown(false);
    const log = new LogReader(redis);
    await settle(1, 'Good morning.', ['es', 'ca']);
    // Revision 1 was put, but what is shown is the translation of revision 0.
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 0, partial: shown('Buenos') }]);
    await pending.preview(segmentTarget(1), shown('Buenos días'), 1);
    expect(await log.readOpenPartials(sessionId)).toMatchObject([{ revision: 2, partial: shown('Buenos días') }]);
    await resolve(1);
    expect(await log.readOpenPartials(sessionId)).toEqual([]);
  });
});
