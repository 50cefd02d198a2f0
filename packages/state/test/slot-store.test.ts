import { describe, expect, it } from '@jest/globals';
import { listen, openSession, ticketOf } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

const thread = 'thread-1';

describe('a slot', () => {
  it('I9: gives one ticket for many puts, and the newest revision for it', async () => {
    const { put, slots, slot } = await openSession(redis);
    const first = ticketOf(await put(1, 0));
    expect(first).toMatch(/^\d{16}$/);
    expect(ticketOf(await put(1, 1))).toBe('');
    const third = await put(1, 2);
    expect(third).toMatchObject({ status: 'put', tickets: [], superseded: 1 });

    expect(await slots.take(slot(1), first, thread)).toMatchObject({
      status: 'taken',
      revision: 2,
      text: 'text 2',
      due: undefined,
    });
  });

  it('I19: answers a put that is sent twice the same both times', async () => {
    const { put } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0));
    expect(ticketOf(await put(1, 0))).toBe(ticket);
  });

  it('I19: gives a ticket that is taken twice the same lease', async () => {
    const { put, slots, slot } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0));
    const taken = await slots.take(slot(1), ticket, thread);
    expect(await slots.take(slot(1), ticket, thread)).toEqual(taken);
  });

  it('I19: gives a ticket that is taken twice what has come between', async () => {
    const { put, slots, slot } = await openSession(redis, {}, 1);
    const ticket = ticketOf(await put(1, 0));
    await slots.take(slot(1), ticket, thread);
    expect(ticketOf(await put(1, 1))).toBe('');
    expect(await slots.take(slot(1), ticket, thread)).toMatchObject({ status: 'taken', revision: 1, text: 'text 1' });
    expect(await slots.commit(slot(1), ticket, 1, '{}')).toEqual({ status: 'published', due: undefined });
  });

  it('gives a new ticket at once for a target that was taken away and added again', async () => {
    const { sessionId, settings, sessions, put, slots, slot } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0));
    await sessions.update(sessionId, 'owner', { ...settings, targetLanguages: ['fr'] });
    expect(await slots.take(slot(1), ticket, thread)).toEqual({ status: 'none', due: undefined });
    await sessions.update(sessionId, 'owner', settings);
    expect(ticketOf(await put(1, 1))).not.toBe('');
  });

  it('ignores a revision that is older than the newest', async () => {
    const { put } = await openSession(redis);
    await put(1, 5);
    expect(await put(1, 4)).toEqual({ status: 'stale' });
  });

  it('treats segment and revision 0 as any other', async () => {
    const { put, slots, slot } = await openSession(redis);
    const ticket = ticketOf(await put(0, 0));
    expect(await slots.take(slot(0), ticket, thread)).toMatchObject({ status: 'taken', revision: 0 });
    expect(await slots.commit(slot(0), ticket, 0, '{}')).toEqual({ status: 'published', due: undefined });
  });

  it('I10: allows no more calls at once than it was told, and gives the next ticket when one ends', async () => {
    const { put, slots, slot } = await openSession(redis, {}, 2);
    const first = ticketOf(await put(1, 0));
    await slots.take(slot(1), first, thread);
    const second = ticketOf(await put(1, 1));
    await slots.take(slot(1), second, thread);
    expect(ticketOf(await put(1, 2))).toBe('');
    const { status, due } = await slots.commit(slot(1), first, 0, '{}');
    expect(status).toBe('published');
    expect(await slots.take(slot(1), due?.number ?? '', thread)).toMatchObject({ status: 'taken', revision: 2 });
  });

  it('I1: shows no older revision after a newer one', async () => {
    const session = await openSession(redis);
    const { put, slots, slot } = session;
    const channel = await listen(server, session.sessionId);
    const older = ticketOf(await put(1, 0));
    await slots.take(slot(1), older, thread);
    const newer = ticketOf(await put(1, 1));
    await slots.take(slot(1), newer, thread);
    expect((await slots.commit(slot(1), newer, 1, '{"n":1}')).status).toBe('published');
    expect((await slots.commit(slot(1), older, 0, '{"n":0}')).status).toBe('overtaken');
    expect((await slots.commit(slot(1), newer, 1, '{"n":1}')).status).toBe('published');
    await session.settle(2);
    await session.resolve(2);
    const messages = await channel.all();
    expect(messages.filter((message) => message.startsWith('p'))).toEqual([`p ${session.head} 1 {"n":1}`]);
  });

  it('I2: shows nothing after the segment is settled, and cancels a call on another text', async () => {
    const { put, slots, slot, settle } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0, 'hello'));
    const taken = await slots.take(slot(1), ticket, thread);
    const digest = taken.status === 'taken' ? taken.digest : '';
    expect(await slots.renew(slot(1), ticket, digest)).toBe('renewed');
    expect(await settle(1, 'hello there')).toMatchObject({ calls: [{ target: 'es', thread, sameText: false }] });
    expect(await slots.renew(slot(1), ticket, digest)).toBe('cancel');
    expect(await slots.commit(slot(1), ticket, 0, '{}')).toEqual({ status: 'settled', due: undefined });
    expect(await put(1, 1)).toEqual({ status: 'settled' });
  });

  it('lets a call go on whose text is that of the final', async () => {
    const { put, slots, slot, settle } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0, 'hello'));
    const taken = await slots.take(slot(1), ticket, thread);
    expect(await settle(1, 'hello')).toMatchObject({ calls: [{ sameText: true }] });
    expect(await slots.renew(slot(1), ticket, taken.status === 'taken' ? taken.digest : '')).toBe('renewed');
  });

  it('is of no use once its target was taken away', async () => {
    const session = await openSession(redis, { targetLanguages: ['es', 'pt-BR'] });
    const { put, slots, slot } = session;
    const ticket = ticketOf(await put(1, 0, 'hello', ['pt-BR']));
    await session.sessions.update(session.sessionId, 'owner', { ...session.settings, targetLanguages: ['es', 'pt'] });
    expect(await slots.take(slot(1, 'pt-BR'), ticket, thread)).toEqual({ status: 'none', due: undefined });
  });

  it('is put again for a revision that nobody shows or holds', async () => {
    const { put, slots, slot } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0));
    await slots.take(slot(1), ticket, thread);
    expect(ticketOf(await put(1, 0))).toBe('');
    expect(await slots.release(slot(1), ticket)).toEqual({ due: undefined });
    const again = ticketOf(await put(1, 0));
    expect(again > ticket).toBe(true);
    expect(await slots.take(slot(1), again, thread)).toMatchObject({ status: 'taken', revision: 0 });
  });

  it('I9, I19: is due again, once, where its call was not made, with what is newest then', async () => {
    const { slots, slot, put } = await openSession(redis);
    const ticket = ticketOf(await put(1, 0));
    await slots.take(slot(1), ticket, 'thread');
    const { due } = await slots.release(slot(1), ticket, true);
    expect(due?.number).not.toBe(ticket);
    expect(await slots.release(slot(1), ticket, true)).toEqual({ due });
    expect(ticketOf(await put(1, 1))).toBe('');
    expect(await slots.take(slot(1), due?.number ?? '', 'thread')).toMatchObject({ status: 'taken', revision: 1 });
  });

  it('is not created by a ticket', async () => {
    const { slots, slot, sessionId } = await openSession(redis);
    expect(await slots.take(slot(9), '1', thread)).toEqual({ status: 'none', due: undefined });
    expect(await redis.exists(`{s:${sessionId}}:slot:9:es`)).toBe(0);
  });

  it('refuses a connection that does not own the session, and a session that is gone', async () => {
    const { slots, sessionId } = await openSession(redis);
    const partial = {
      segmentId: 1,
      revision: 0,
      text: 'a',
      targets: ['es'],
      listenerTargets: [],
      maxOpenSegments: 32,
      spoken: { v: 1, language: 'en', receivedAtMs: 1 },
    } as const;
    expect(await slots.put({ ...partial, sessionId, connection: 'other' })).toEqual({ status: 'fenced' });
    expect(await slots.put({ ...partial, sessionId: 'none', connection: 'owner' })).toEqual({ status: 'gone' });
  });
});
