import { describe, expect, it } from '@jest/globals';
import { SessionInspection } from '../src/schedule/index.ts';
import { Presence, Resumption, SessionDirectory } from '../src/session/index.ts';
import { jobOf, listen, listenToWork, openSession, resending, type TestSession } from './fixture.ts';
import { redisForFile } from './redis-for-file.ts';

const { server, redis } = await redisForFile();

const change = ({ sessions, sessionId, settings }: TestSession, options: object) =>
  sessions.update(sessionId, 'owner', { ...settings, ...options });
const pause = (session: TestSession) => change(session, { paused: true });
const unpause = (session: TestSession) => change(session, { paused: false });

describe('a pause', () => {
  it('refuses partials and new finals, but not a final that was accepted before', async () => {
    const session = await openSession(redis);
    expect(await session.settle(1)).toMatchObject({ status: 'accepted' });
    await pause(session);
    expect(await session.put(2, 0)).toEqual({ status: 'paused' });
    expect(await session.settle(2)).toEqual({ status: 'paused' });
    expect(await session.settle(1)).toMatchObject({ status: 'accepted', outstanding: [{ target: 'es' }] });
    expect(await session.settle(1, 'another text')).toEqual({ status: 'conflict' });
    expect(await session.resolve(1)).toBe('resolved');
    await unpause(session);
    expect(await session.put(2, 0)).toMatchObject({ status: 'put' });
    expect(await session.settle(2)).toMatchObject({ status: 'accepted' });
  });

  it('I44: ends the calls for open segments, and nothing more is shown of them until their next partial', async () => {
    const session = await openSession(redis);
    const { segments, sessionId } = session;
    const held = await session.hold(1, 0);
    expect(await session.commit(held.lease, { text: 'shown' })).toMatchObject({ status: 'published' });
    const waiting = jobOf(await session.put(2, 0));
    const work = await listenToWork(server, sessionId);
    await pause(session);
    expect(await work.all()).toEqual([
      { v: 1, type: 'evicted', segmentId: 1 },
      { v: 1, type: 'evicted', segmentId: 2 },
      expect.objectContaining({ type: 'settings' }),
    ]);
    expect(await session.commit(held.lease, { revision: 1 })).toMatchObject({ status: 'fenced' });
    expect((await segments.renew(sessionId, [held.lease])).leases).toEqual([{ status: 'fenced' }]);
    expect(await segments.take({ sessionId, segmentId: 2 }, waiting, 'taking')).toBeUndefined();
    expect(await segments.requeue(sessionId, [])).toEqual([]);

    await unpause(session);
    // At once, although the lease of the former holder would not have expired.
    const next = await session.take(1, jobOf(await session.put(1, 1)));
    expect(next.shown.get('es')).toMatchObject({ revision: 0, caption: { text: 'shown' } });
    expect(await segments.requeue(sessionId, [])).toMatchObject([{ segmentId: 2 }]);
  });

  it('I44: is numbered, announced once per change, and known to edges that did not hear of it', async () => {
    const session = await openSession(resending(redis));
    const { sessionId } = session;
    const presence = new Presence(redis);
    const known = async () => {
      const renewed = await presence.renewLease({ sessionId, owner: undefined, edge: 'a', languages: [] });
      return renewed.status === 'here' ? renewed.pause : undefined;
    };
    const subscription = await listen(server, sessionId);
    expect(await known()).toEqual({ isPaused: false, number: 0 });
    await pause(session);
    const paused = await known();
    expect(paused).toEqual({ isPaused: true, number: expect.any(Number) });
    await change(session, { paused: true, context: 'the topic' });
    expect(await known()).toEqual(paused);
    const resume = {
      sessionId,
      tenant: 't',
      connection: 'next',
      tokenHash: 'first',
      nextTokenHash: 'n',
      offset: 0,
      held: undefined,
    };
    expect(await new Resumption(redis).resume(resume)).toMatchObject({ pause: paused, settings: { paused: true } });
    expect(await session.sessions.update(sessionId, 'next', { ...session.settings, paused: false })).toBe('updated');
    const unpaused = await known();
    expect(unpaused?.isPaused).toBe(false);
    expect(unpaused?.number).toBeGreaterThan(paused?.number ?? Infinity);
    const notices = (await subscription.all()).filter((message) => message.startsWith('z '));
    expect(notices).toEqual([`z 1 ${paused?.number}`, `z 0 ${unpaused?.number}`]);
  });

  it('leaves a session whose speaker is away its whole grace period', async () => {
    const session = await openSession(redis);
    await pause(session);
    expect(await session.sessions.detach(session.sessionId, 'owner')).toEqual({ graceMs: 60_000 });
    const inspection = new SessionInspection(redis);
    expect(await inspection.inspect(session.sessionId, true)).toMatchObject({ state: 'live' });
  });

  it('is the state of the session while its speaker is connected', async () => {
    const session = await openSession(redis);
    const { sessions, sessionId } = session;
    const directory = new SessionDirectory(redis);
    await pause(session);
    expect(await directory.describe(sessionId)).toMatchObject({ state: 'paused' });
    await sessions.detach(sessionId, 'owner');
    expect(await directory.describe(sessionId)).toMatchObject({ state: 'disconnected' });
  });
});
