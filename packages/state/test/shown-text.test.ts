import { describe, expect, it } from '@jest/globals';
import { openSession, spoken, ticketOf } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

/** A session in which the translation of one partial was shown, and the ticket of the next one. */
async function afterShown(keepShown: boolean) {
  const session = await openSession(redis, { targetLanguages: ['es', 'ca'] }, 2, { keepShown });
  const { slots, slot, put } = session;
  const first = ticketOf(await put(1, 0, 'Good', ['es', 'ca']));
  expect(await slots.take(slot(1), first, 'thread')).toMatchObject({ status: 'taken', previous: undefined });
  const shown = {
    ...spoken,
    type: 'partial',
    segmentId: 1,
    targetLanguage: 'es',
    text: 'Buenos',
    queueMs: 0,
    engineMs: 0,
  };
  await slots.commit(slot(1), first, 0, JSON.stringify(shown));
  const ticket = ticketOf(await put(1, 1, 'Good morning', ['es', 'ca']));
  return { ...session, ticket, pendingFields: () => redis.hkeys(`{s:${session.sessionId}}:pending`) };
}

describe('the translation that was last shown', () => {
  it('comes with the next revision and with the final, of its own target only, and goes with the result', async () => {
    const { slots, slot, settle, resolve, pending, ticket, pendingFields } = await afterShown(true);
    expect(await slots.take(slot(1), ticket, 'thread')).toMatchObject({ status: 'taken', previous: 'Buenos' });
    await settle(1, 'Good morning.', ['es', 'ca']);
    for (const run of [1, 2]) {
      expect([run, await pending.read(slot(1))]).toMatchObject([run, { status: 'outstanding', previous: 'Buenos' }]);
    }
    expect(await pending.read(slot(1, 'ca'))).toMatchObject({ status: 'outstanding', previous: undefined });
    await resolve(1);
    expect((await pendingFields()).filter((field) => field.startsWith('shown'))).toEqual([]);
  });

  it('stays where it is where nobody wants it', async () => {
    const { slots, slot, settle, pending, ticket, pendingFields } = await afterShown(false);
    expect(await slots.take(slot(1), ticket, 'thread')).toMatchObject({ status: 'taken', previous: undefined });
    await settle(1, 'Good morning.', ['es', 'ca']);
    expect(await pending.read(slot(1))).toMatchObject({ status: 'outstanding', previous: undefined });
    expect((await pendingFields()).filter((field) => field.startsWith('shown'))).toEqual([]);
  });
});
