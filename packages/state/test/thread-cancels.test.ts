import { describe, expect, it } from '@jest/globals';
import { ThreadCancels, type CancelledCall } from '../src/index.ts';
import { openSession, ticketOf } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

/** Subscribes a thread; `next` waits for a cancel. */
async function subscribed(thread: string) {
  const heard: CancelledCall[] = [];
  let notify = (): void => undefined;
  const subscriber = server.connect();
  await new ThreadCancels(subscriber).subscribe(thread, (call) => {
    heard.push(call);
    notify();
  });
  return {
    subscriber,
    next: async (): Promise<CancelledCall | undefined> => {
      if (heard.length === 0) await new Promise<void>((resolve) => (notify = resolve));
      return heard.shift();
    },
  };
}

describe('a cancel', () => {
  it('reaches the thread that holds the call and no other, also after its connection was cut', async () => {
    const cancels = new ThreadCancels(redis);
    const one = await subscribed('one');
    const other = await subscribed('other');
    const call = (segmentId: number, thread: string) => ({ segmentId, target: 'es', thread, digest: 'd' });
    await redis.spublish('thread:one', 'not JSON');
    await redis.spublish('thread:one', '{"v":2}');
    await cancels.publish('s', [call(1, 'one'), call(2, 'other'), call(3, 'one')]);
    expect(await one.next()).toEqual({ sessionId: 's', segmentId: 1, target: 'es', digest: 'd' });
    expect(await one.next()).toMatchObject({ segmentId: 3 });
    expect(await other.next()).toMatchObject({ segmentId: 2 });

    const again = new Promise((resolve) => one.subscriber.once('ready', resolve));
    one.subscriber.disconnect(true);
    await again;
    await one.subscriber.ssubscribe('thread:probe');
    await cancels.publish('s', [call(4, 'one')]);
    expect(await one.next()).toMatchObject({ segmentId: 4 });
  });
});

describe('the calls in flight', () => {
  const take = async (session: Awaited<ReturnType<typeof openSession>>, segment: number, target: string) => {
    const ticket = ticketOf(await session.put(segment, 0, 'hello', [target]));
    const taken = await session.slots.take(session.slot(segment, target), ticket, `thread-${target}`);
    if (taken.status === 'none') throw new Error('nothing was taken');
    return { segmentId: segment, target, thread: `thread-${target}`, digest: taken.digest };
  };

  it('I19: are named for targets that were taken away, each time the same', async () => {
    const session = await openSession(redis, { targetLanguages: ['es', 'pt', 'pt-BR'] });
    await take(session, 1, 'pt-BR');
    const gone = [await take(session, 1, 'pt'), await take(session, 2, 'pt')];
    await take(session, 2, 'es');
    await session.settle(3);
    const update = () =>
      session.sessions.update(session.sessionId, 'owner', { ...session.settings, targetLanguages: ['pt-BR', 'es'] });
    const { status, calls } = await update();
    expect(status).toBe('updated');
    expect(calls.sort((a, b) => a.segmentId - b.segmentId)).toEqual(gone);
    expect((await update()).calls).toHaveLength(2);
  });

  it('are named when the session ends, but for segments that are settled', async () => {
    const session = await openSession(redis, { targetLanguages: ['es', 'pt'] });
    await take(session, 1, 'es');
    await session.settle(1, 'hello', ['es']);
    const open = await take(session, 2, 'pt');
    expect(await session.sessions.end(session.sessionId, 'owner')).toEqual({ status: 'ending', calls: [open] });
  });

  it('do not put off the end of a session', async () => {
    const session = await openSession(redis);
    const open = await take(session, 1, 'es');
    expect(await session.sessions.end(session.sessionId, 'owner')).toEqual({ status: 'ended', calls: [open] });
  });
});
