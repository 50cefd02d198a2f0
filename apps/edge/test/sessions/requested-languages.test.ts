import { expect, it } from '@jest/globals';
import type { Presence } from '@parley/redis/session';
import type { SessionFeedOptions } from '../../src/delivery/session-feed.ts';
import { ServedSession, type Listener } from '../../src/sessions/served-session.ts';

/** A session and what its renewals said of languages. */
function served() {
  const session = new ServedSession('s', {} as SessionFeedOptions['deps']);
  const presence = {
    renewLease: ({ languages, givenUp }: { languages: readonly string[]; givenUp?: readonly string[] }) => {
      renewals.push({ languages: [...languages], givenUp: [...(givenUp ?? [])] });
      const pause = { isPaused: false, number: 0 };
      return Promise.resolve({ status: 'here', head: 0, listenerTargets: [], codeHash: 'c', pause });
    },
  };
  const renewals: { languages: string[]; givenUp: string[] }[] = [];
  const renew = async () => {
    await session.renewLease({ presence: presence as unknown as Presence, edge: 'a' });
    return renewals.at(-1);
  };
  const join = (...languages: string[]): Listener => {
    const listener = { languages: new Set(languages), joinCodeHash: 'c', events: {} as Listener['events'] };
    session.listeners.add(listener);
    return listener;
  };
  return { session, renew, join };
}

it('I22: a listener that leaves gives its languages up, once, unless another one requests them', async () => {
  const { session, renew, join } = served();
  const first = join('fr', 'de');
  join('de');
  session.listeners.delete(first);
  session.giveUp(first.languages);
  expect(await renew()).toEqual({ languages: ['de'], givenUp: ['fr'] });
  expect(await renew()).toEqual({ languages: ['de'], givenUp: [] });
});

it('I22: a listener that is cut off keeps the languages that it had confirmed', async () => {
  const { session, renew, join } = served();
  const listener = join('fr');
  session.giveUp(['fr', 'it']);
  expect(await renew()).toEqual({ languages: ['fr'], givenUp: ['it'] });
  session.listeners.delete(listener);
  session.cutOff(listener.languages);
  expect(await renew()).toEqual({ languages: [], givenUp: [] });
});

it('I22: a listener that is cut off before the next renewal keeps a language that another one has just given up', async () => {
  const { session, renew, join } = served();
  const [cutOff, leaving] = [join('fr'), join('fr')];
  session.listeners.delete(leaving);
  session.giveUp(leaving.languages);
  session.listeners.delete(cutOff);
  session.cutOff(cutOff.languages);
  expect(await renew()).toEqual({ languages: [], givenUp: [] });
});

it('I22: a listener that leaves does not give up a language that one that is cut off may come back for', async () => {
  const { session, renew, join } = served();
  const [cutOff, leaving] = [join('fr'), join('fr')];
  session.listeners.delete(cutOff);
  session.cutOff(cutOff.languages);
  session.listeners.delete(leaving);
  session.giveUp(leaving.languages);
  expect(await renew()).toEqual({ languages: [], givenUp: [] });
});
