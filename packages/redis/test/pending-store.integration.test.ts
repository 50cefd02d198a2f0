import { describe, expect, it } from '@jest/globals';
import { LogReader } from '../src/log/index.ts';
import { UsageStore } from '../src/usage/index.ts';
import { listen, openSession, metadata, unlimited } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();
const log = new LogReader(redis);

async function translations(sessionId: string): Promise<string[]> {
  const entries = await log.readAfter(sessionId, 0, 10_000);
  return entries.flatMap(({ entry }) => (entry?.type === 'translation' ? [entry.text] : []));
}

describe('an accepted final', () => {
  it('I7: accepts the same final again with the same jobs and rejects another text', async () => {
    const { settle } = await openSession(redis);
    const first = await settle(1, 'hello', ['es', 'ca']);
    expect(first).toMatchObject({
      status: 'accepted',
      outstanding: [
        { target: 'es', priority: 0 },
        { target: 'ca', priority: 0 },
      ],
    });
    expect(await settle(1, 'hello', ['es', 'ca'])).toEqual(first);
    expect(await settle(1, 'hello!', ['es', 'ca'])).toEqual({ status: 'conflict' });
  });

  it('I7: returns all jobs again even after the session has dropped a target', async () => {
    const { settle } = await openSession(redis);
    const first = await settle(1, 'hello', ['es', 'fr']);
    expect(await settle(1, 'hello', ['fr'])).toEqual(first);
  });

  it('knows the targets for which a worker thread held its segment with the same text', async () => {
    const { hold, settle, pending, segmentTarget } = await openSession(redis, {
      targetLanguages: ['es', 'pt-BR', 'pt'],
    });
    await hold(1, 0, 'hello', ['es', 'pt-BR']);
    await hold(2, 0, 'hello');
    await settle(1, 'hello', ['es', 'pt-BR', 'pt']);
    await settle(2, 'hello there');
    const read = async (segmentId: number, target: string) => pending.read(segmentTarget(segmentId, target));
    expect(await read(1, 'es')).toMatchObject({ isHandedOver: true });
    expect(await read(1, 'pt-BR')).toMatchObject({ isHandedOver: true });
    expect(await read(1, 'pt')).toMatchObject({ isHandedOver: false });
    expect(await read(2, 'es')).toMatchObject({ isHandedOver: false });
  });

  it('I3: is resolved once', async () => {
    const { settle, resolve, sessionId } = await openSession(redis);
    await settle(1);
    expect(await resolve(1)).toBe('resolved');
    expect(await resolve(1, 'es', 'another')).toBe('none');
    expect(await translations(sessionId)).toEqual(['es 1']);
    expect(await settle(1)).toMatchObject({ status: 'accepted', outstanding: [] });
  });

  it('I13: has a priority by the outstanding finals of its session, below all others in a bulk session', async () => {
    const { settle, resolve } = await openSession(redis);
    const priority = async (segmentId: number) => {
      const result = await settle(segmentId);
      return result.status === 'accepted' ? result.outstanding[0]?.priority : undefined;
    };
    expect([await priority(1), await priority(2), await priority(3)]).toEqual([0, 1, 2]);
    await resolve(1);
    await resolve(2);
    expect(await priority(4)).toBe(1);
    const bulk = await openSession(redis, { class: 'bulk' });
    expect(await bulk.settle(1)).toMatchObject({ outstanding: [{ priority: 2 ** 20 }] });
  });

  it('I8: waits in an ordered session for earlier finals, and a failure unblocks the next', async () => {
    const { settle, resolve, pending, segmentTarget, sessionId } = await openSession(redis, { ordered: true });
    for (const segment of [1, 2, 3, 4]) await settle(segment);
    await resolve(1);
    await resolve(4);
    expect(await translations(sessionId)).toEqual(['es 1']);
    await pending.resolve(segmentTarget(2), {
      v: 1,
      type: 'failed',
      segmentId: 2,
      targetLanguage: 'es',
      code: 'internal',
      message: 'm',
    });
    await resolve(3);
    expect(await translations(sessionId)).toEqual(['es 1', 'es 3', 'es 4']);
    const counts = await redis.hmget(`{s:${sessionId}}:session`, 'usageTranslations', 'usageFailed');
    expect(counts).toEqual(['3', '1']);
  });

  it('is delivered as soon as it is ready in an unordered session', async () => {
    const { settle, resolve, sessionId } = await openSession(redis);
    for (const segment of [1, 2, 3]) await settle(segment);
    for (const segment of [3, 1, 2]) await resolve(segment);
    expect(await translations(sessionId)).toEqual(['es 3', 'es 1', 'es 2']);
  });

  it('I8: keeps the order of acceptance instead of segment numbers, even after `ordered` is switched on', async () => {
    const { settle, resolve, sessions, settings, sessionId } = await openSession(redis);
    await settle(5);
    await settle(3);
    await sessions.update(sessionId, 'owner', { ...settings, ordered: true });
    await settle(4);
    for (const segment of [4, 3, 5]) await resolve(segment);
    expect(await translations(sessionId)).toEqual(['es 5', 'es 3', 'es 4']);
  });

  it('delivers its copies immediately, in order with the other results', async () => {
    const { pending, sessionId, settle, resolve } = await openSession(redis, {
      ordered: true,
      targetLanguages: ['es', 'en'],
    });
    const copy = {
      ...metadata,
      type: 'translation',
      segmentId: 2,
      targetLanguage: 'en',
      text: 'copy',
      cached: false,
      queueMs: 0,
      engineMs: 0,
    } as const;
    await settle(1, 'one', ['en']);
    await pending.settle(
      {
        sessionId,
        connection: 'owner',
        segmentId: 2,
        text: 'copy',
        metadata,
        targets: [],
        listenerTargets: [],
        listenersOnly: [],
        copies: [copy],
      },
      unlimited,
    );
    expect(await translations(sessionId)).toEqual([]);
    await resolve(1, 'en', 'one');
    expect(await translations(sessionId)).toEqual(['one', 'copy']);
  });

  it('shows previews with revisions above the last partial until it is resolved', async () => {
    const session = await openSession(redis);
    const { hold, commit, segmentTarget, settle, pending, resolve, sessionId } = session;
    const channel = await listen(server, sessionId);
    const { lease } = await hold(1, 7);
    await commit(lease);
    await settle(1);
    const body = (text: string) =>
      ({ ...metadata, type: 'partial', segmentId: 1, targetLanguage: 'es', text, queueMs: 0, engineMs: 0 }) as const;
    expect(await pending.preview(segmentTarget(1), body('a'), 7)).toEqual({ status: 'published', revision: 8 });
    expect(await pending.preview(segmentTarget(1), body('a b'), 8)).toEqual({ status: 'published', revision: 9 });
    await resolve(1);
    expect(await pending.preview(segmentTarget(1), body('a b c'), 9)).toEqual({ status: 'none' });
    const messages = await channel.all();
    const revisions = messages.filter((text) => text.startsWith('p')).map((text) => text.split(' ')[2]);
    expect(revisions).toEqual(['7', '8', '9']);
  });

  it('I4, I5: is published with its offset and the previous one, and offsets grow even if the clock does not', async () => {
    const session = await openSession(redis);
    const channel = await listen(server, session.sessionId);
    for (let segment = 0; segment < 50; segment++) {
      await session.settle(segment);
      await session.resolve(segment);
    }
    const messages = await channel.all();
    const chain = messages.map((text) => text.split(' ').slice(1, 3).map(Number));
    expect(chain).toHaveLength(100);
    let last = session.head;
    for (const [offset = 0, previous] of chain) {
      expect(previous).toBe(last);
      expect(offset).toBeGreaterThan(last);
      last = offset;
    }
  });

  it('I18: is rejected if it is older than the newest 1,024, so the session stays bounded', async () => {
    const { settle, resolve, put, sessionId } = await openSession(redis);
    for (let segment = 0; segment < 1500; segment++) {
      await settle(segment * 7);
      await resolve(segment * 7);
    }
    expect(await settle(3)).toEqual({ status: 'too-old' });
    expect(await put(3, 0)).toEqual({ status: 'too-old' });
    expect(await settle(1499 * 7, 'other')).toEqual({ status: 'conflict' });
    expect(await redis.hlen(`{s:${sessionId}}:segments`)).toBeLessThan(2 * 1300);
    expect(await redis.hlen(`{s:${sessionId}}:pending`)).toBeLessThan(4);
  });

  it('I17: ends its session if it is the last outstanding one, and every key expires', async () => {
    const { settle, resolve, sessions, put, sessionId } = await openSession(redis);
    await put(2, 0);
    await settle(1);
    await new UsageStore(redis).addToSession(sessionId, { writer: 'w', number: 1, amounts: { usageTokens: 7 } });
    expect(await sessions.end(sessionId, 'owner')).toBe('ending');
    expect(await settle(3)).toEqual({ status: 'ending' });
    await resolve(1);
    const entries = await log.readAfter(sessionId, 0);
    expect(entries.at(-1)?.entry).toEqual({
      v: 1,
      type: 'ended',
      usage: { segments: 1, translations: 1, cached: 0, tokens: 7 },
    });
    for (const key of await redis.keys(`{s:${sessionId}}*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
    expect(await sessions.end(sessionId, 'owner')).toBe('ended');
    expect(await log.readAfter(sessionId, 0)).toHaveLength(entries.length);
  });

  it('is kept in the log up to its size limit', async () => {
    const { settle, sessionId } = await openSession(redis);
    const text = 'x'.repeat(9000);
    for (let segment = 0; segment < 200; segment++) await settle(segment, text + String(segment), []);
    const length = await redis.xlen(`{s:${sessionId}}:log`);
    expect(length).toBeGreaterThan(90);
    expect(length).toBeLessThan(115);
    const [newest] = await log.readNewest(sessionId, 1, 1);
    expect(newest?.entry).toMatchObject({ segmentId: 199 });
  });
});
