import { expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import type { PauseState, Presence } from '@parley/redis/session';
import type { SessionFeedOptions } from '../../src/delivery/session-feed.ts';
import { Subscriber } from '../../src/delivery/subscriber.ts';
import { ServedSession } from '../../src/sessions/served-session.ts';

/** A session with one listener, and the types of the messages that it was told. */
async function served() {
  const log = { readAfter: () => Promise.resolve([]), readOpenPartials: () => Promise.resolve([]) };
  const session = new ServedSession('s', { log } as unknown as SessionFeedOptions['deps']);
  const told: string[] = [];
  const reply = ({ type }: ServerMessage) => void told.push(type);
  const join = () =>
    session.attach(
      new Subscriber(() => true, { outbox: { deliver: () => undefined, reply }, sessionEnded: () => undefined }),
      0,
    );
  await join();
  const renew = (pause: PauseState) => {
    const result = { status: 'here', head: 0, listenerTargets: [], pause };
    const presence = { renewLease: () => Promise.resolve(result) } as unknown as Presence;
    return session.renewLease({ presence, edge: 'a' });
  };
  return { session, told, join, renew };
}

const state = (isPaused: boolean, number: number): PauseState => ({ isPaused, number });

it('I44: changes in the wrong order leave the newest one', async () => {
  const { session, told, renew } = await served();
  session.message({ kind: 'pause', pause: state(true, 3) });
  session.message({ kind: 'pause', pause: state(false, 2) });
  await renew(state(false, 2));
  expect(told).toEqual(['session.paused']);
  session.message({ kind: 'pause', pause: state(false, 4) });
  await renew(state(true, 3));
  expect(told).toEqual(['session.paused', 'session.unpaused']);
});

it('I44: a change of which an edge did not hear is found when it renews its leases', async () => {
  const { told, renew, join } = await served();
  await renew(state(true, 3));
  expect(told).toEqual(['session.paused']);
  await join();
  expect(told).toEqual(['session.paused', 'session.paused']);
});

it('I44: what Redis has lost with its last writes is forgotten', async () => {
  const { session, told, renew } = await served();
  await renew(state(true, 3));
  await renew(state(false, 1));
  expect(told).toEqual(['session.paused']);
  session.forgetPauseNumber();
  await renew(state(false, 1));
  expect(told).toEqual(['session.paused', 'session.unpaused']);
});
