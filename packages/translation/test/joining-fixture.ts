import { setImmediate as turn } from 'node:timers/promises';
import { createJoiningService, translationKeys, type Flights, type Joined, type SavedBy } from '../src/index.ts';
import { answeredByTest } from './service-stand-in.ts';

/** Flights in this process's memory; members live for ever. */
function memoryFlights() {
  const leaders = new Map<string, string>();
  const followers = new Set<string>();
  const landed = new Map<string, string>();
  const flights: Flights = {
    renewEveryMs: 500,
    join: (key, { member, mayFollow }): Promise<Joined> => {
      const text = landed.get(key);
      if (text !== undefined) {
        return Promise.resolve(mayFollow ? { status: 'landed', text } : { status: 'alone' });
      }
      const leader = leaders.get(key) ?? member;
      leaders.set(key, leader);
      if (leader !== member && mayFollow) followers.add(member);
      else followers.delete(member);
      return Promise.resolve({ status: leader === member ? 'lead' : mayFollow ? 'follow' : 'alone' });
    },
    land: (key, _kind, text) => {
      landed.set(key, text);
      leaders.delete(key);
      return Promise.resolve();
    },
    leave: (key, member, how) => {
      followers.delete(member);
      if (leaders.get(key) !== member) return Promise.resolve('left');
      if (how === 'unless-followed' && followers.size > 0) return Promise.resolve('followed');
      leaders.delete(key);
      return Promise.resolve('left');
    },
  };
  return { flights, followers };
}

/** The service over one whose calls the test answers; time stands until `tick` lets every wait end. */
export function joining(changed: Partial<Flights> = {}) {
  const { service: asked, calls } = answeredByTest();
  const waits = new Set<() => void>();
  const { flights, followers } = memoryFlights();
  let members = 0;
  const saved: SavedBy[] = [];
  const service = createJoiningService(asked, {
    flights: { ...flights, ...changed },
    keyOf: translationKeys({ identity: () => 'engine model', shared: false }),
    onSaved: (_request, by) => saved.push(by),
    random: () => 0,
    newMember: () => String(members++),
    clock: {
      now: () => 0,
      delay: (_delayMs, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) reject(new Error('stopped'));
          waits.add(resolve);
          signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
        }),
    },
  });
  const tick = async (): Promise<void> => {
    await turn();
    const ended = [...waits];
    waits.clear();
    for (const end of ended) end();
    await turn();
  };
  return { service, calls, followers, saved, tick };
}
