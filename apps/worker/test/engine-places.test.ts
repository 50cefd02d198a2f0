import { describe, expect, it } from '@jest/globals';
import { EnginePlaces } from '../src/partials/engine-places.ts';

/** Asks for a place and notes who got one, and which. */
function asking(places: EnginePlaces) {
  const served: string[] = [];
  const given: Disposable[] = [];
  const ask = (sessionId: string, name = sessionId) =>
    places.request(sessionId, (place) => {
      served.push(name);
      given.push(place);
    });
  return { served, given, ask };
}

describe('places at the engine', () => {
  it('are given at once while there are any, and then when one comes back', () => {
    const { served, given, ask } = asking(new EnginePlaces(2, () => 0));
    for (const name of ['a', 'b', 'c']) ask(name);
    expect(served).toEqual(['a', 'b']);
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b', 'c']);
  });

  it('go to sessions in turn, however much one of them asks for', () => {
    const { served, given, ask } = asking(new EnginePlaces(1, () => 0));
    for (const name of ['a1', 'a2', 'a3', 'a4']) ask('a', name);
    ask('b', 'b1');
    ask('c', 'c1');
    for (let index = 0; index < 5; index++) given[index]?.[Symbol.dispose]();
    expect(served).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
  });

  it('are given back once, however often that is said', () => {
    const { served, given, ask } = asking(new EnginePlaces(1, () => 0));
    for (const name of ['a', 'b', 'c']) ask(name);
    given[0]?.[Symbol.dispose]();
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b']);
  });

  it('are given to nobody who asks no more', () => {
    const { served, given, ask } = asking(new EnginePlaces(1, () => 0));
    ask('a');
    const takeBack = ask('b');
    ask('c');
    takeBack();
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'c']);
  });

  it('tell how long the oldest request has waited, and whose requests wait', () => {
    let nowMs = 0;
    const places = new EnginePlaces(1, () => nowMs);
    const { given, ask } = asking(places);
    ask('a');
    expect(places.oldestWaitMs()).toBeUndefined();
    nowMs = 10;
    ask('b');
    nowMs = 30;
    ask('c');
    nowMs = 50;
    expect(places.oldestWaitMs()).toBe(40);
    expect(places.waitingSessions()).toEqual(['b', 'c']);
    given[0]?.[Symbol.dispose]();
    expect(places.oldestWaitMs()).toBe(20);
  });

  it('are given to a further call only if one is free and nobody waits', () => {
    const places = new EnginePlaces(2, () => 0);
    const { served, given, ask } = asking(places);
    ask('a');
    const further = places.tryTake();
    expect(further).toBeDefined();
    expect(places.tryTake()).toBeUndefined();
    ask('b');
    further?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b']);
    ask('c');
    expect(places.tryTake()).toBeUndefined();
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b', 'c']);
  });

  it('makes fewer calls while the thread is saturated, and serves what waits when it has time again', () => {
    const places = new EnginePlaces(50, () => 0);
    const { served, given, ask } = asking(places);
    for (let call = 0; call < 50; call++) ask('a');
    places.adapt(1);
    expect(places.limit).toBe(45);
    ask('b');
    for (const place of given.splice(0, 5)) place[Symbol.dispose]();
    expect(served).not.toContain('b');
    places.adapt(0);
    expect(served).toContain('b');
  });
});
