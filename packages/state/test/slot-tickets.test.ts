import { describe, expect, it } from '@jest/globals';
import { openSession, ticketOf } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis } = await redisForFile();

const thread = 'thread-1';

describe('the tickets of a session', () => {
  const targets = ['ca', 'es', 'fr', 'pt', 'pt-BR', 'it'];
  const prioritiesOf = (result: Awaited<ReturnType<Awaited<ReturnType<typeof openSession>>['put']>>) =>
    result.status === 'put' ? result.tickets.map(({ priority }) => priority) : [];

  it('have a priority that follows how many of them wait, whatever other sessions do', async () => {
    const { put } = await openSession(redis, { targetLanguages: targets });
    const other = await openSession(redis);
    expect(prioritiesOf(await put(1, 0, 'one', targets.slice(0, 4)))).toEqual([0, 0, 0, 0]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(prioritiesOf(await put(2, 0, 'two', targets.slice(0, 1)))).toEqual([1]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(prioritiesOf(await put(3, 0, 'three', targets.slice(0, 1)))).toEqual([2]);
    expect(prioritiesOf(await other.put(1, 0))).toEqual([0]);
  });

  it('wait no more once a worker has come with them, also for nothing', async () => {
    const { put, slots, slot, settle, sessionId } = await openSession(redis, { targetLanguages: targets });
    const tickets = new Map<string, string>();
    for (const target of targets) tickets.set(target, ticketOf(await put(1, 0, 'one', [target])));
    const ticketFor = (target: string) => tickets.get(target) ?? '';
    const waiting = () => redis.zcard(`{s:${sessionId}}:waiting`);
    expect(await waiting()).toBe(6);
    expect((await slots.take(slot(1, 'ca'), ticketFor('ca'), thread)).status).toBe('taken');
    expect((await slots.take(slot(1, 'ca'), ticketFor('ca'), thread)).status).toBe('taken');
    expect(await waiting()).toBe(5);
    await settle(1, 'one.', targets);
    expect((await slots.take(slot(1, 'es'), ticketFor('es'), thread)).status).toBe('none');
    expect(await waiting()).toBe(4);
  });

  it('do not wait for ever where no worker comes, and their key runs out', async () => {
    const { put, sessionId } = await openSession(redis, { targetLanguages: targets });
    const key = `{s:${sessionId}}:waiting`;
    for (let lost = 0; lost < 10; lost++) await redis.zadd(key, Date.now() - 5001, `${lost}:es`);
    expect(prioritiesOf(await put(20, 0))).toEqual([0]);
    expect(await redis.zcard(key)).toBe(1);
    expect(await redis.pttl(key)).toBeGreaterThan(5000);
  });

  it('I9: gets a ticket again where its worker is gone, whoever asks, and none while that one lives', async () => {
    const { slots, slot, put, sessionId } = await openSession(redis);
    const ticket = ticketOf(await put(1, 3));
    await slots.take(slot(1), ticket, 'thread');
    expect(await slots.putAgain(sessionId, [])).toEqual([]);
    await redis.hset(`{s:${sessionId}}:slot:1:es`, 'leases', '');
    const [again] = await slots.putAgain(sessionId, [1]);
    expect(again).toMatchObject({ segmentId: 1, target: 'es' });
    expect(await slots.putAgain(sessionId, [])).toEqual([]);
    expect(await slots.take(slot(1), again?.number ?? '', 'another')).toMatchObject({ status: 'taken', revision: 3 });
  });
});
