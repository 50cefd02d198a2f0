import { describe, expect, it } from '@jest/globals';
import { CallSlots, type CallSlot } from '../src/partials/call-slots.ts';

/** Slots at an engine whose calls share connections. */
function slotsOf(most: number, now = () => 0): CallSlots {
  return new CallSlots({ maxCalls: most, capacity: () => undefined, now });
}

/** Asks for a slot and notes who got one, and which. */
function asking(slots: CallSlots) {
  const served: string[] = [];
  const given: CallSlot[] = [];
  const ask = (session: string, name = session, { tenant = 'default', cost = 1 } = {}) =>
    slots.request({ tenant, session, cost }, (slot) => {
      served.push(name);
      given.push(slot);
    });
  return { served, given, ask };
}

describe('call slots', () => {
  it('are given at once while there are any, and then when one comes back', () => {
    const { served, given, ask } = asking(slotsOf(2));
    for (const name of ['a', 'b', 'c']) ask(name);
    expect(served).toEqual(['a', 'b']);
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b', 'c']);
  });

  it('I13: go to sessions in turn, however much one of them asks for', () => {
    const { served, given, ask } = asking(slotsOf(1));
    for (const name of ['a1', 'a2', 'a3', 'a4']) ask('a', name);
    ask('b', 'b1');
    ask('c', 'c1');
    for (let index = 0; index < 5; index++) given[index]?.[Symbol.dispose]();
    expect(served).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
  });

  it('I13: go to tenants by the cost of their calls, regardless of their sessions', () => {
    const { served, given, ask } = asking(slotsOf(1));
    ask('first');
    for (let session = 0; session < 20; session++) ask(`a${session}`, 'a', { tenant: 'a', cost: 10 });
    for (let call = 0; call < 20; call++) ask('b', 'b', { tenant: 'b', cost: 1 });
    for (let index = 0; index < 42; index++) given[index]?.[Symbol.dispose]();
    expect(served).toHaveLength(41);
    // Ten short calls of `b` cost as much as one of `a`, so `b` has its share and `a` is not kept waiting for it.
    expect(served.slice(1, 23).filter((tenant) => tenant === 'b')).toHaveLength(20);
    expect(served.slice(1, 12).filter((tenant) => tenant === 'a')).toHaveLength(1);
  });

  it('are given back once, however often that is said', () => {
    const { served, given, ask } = asking(slotsOf(1));
    for (const name of ['a', 'b', 'c']) ask(name);
    given[0]?.[Symbol.dispose]();
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b']);
  });

  it('are given to nobody who asks no more', () => {
    const { served, given, ask } = asking(slotsOf(1));
    ask('a');
    const takeBack = ask('b');
    ask('c');
    takeBack();
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'c']);
  });

  it('tell how long the oldest request has waited, and whose requests wait', async () => {
    let nowMs = 0;
    const slots = slotsOf(1, () => nowMs);
    const { given, ask } = asking(slots);
    ask('a');
    expect(slots.oldestWaitMs()).toBeUndefined();
    nowMs = 10;
    ask('b');
    nowMs = 30;
    ask('c');
    nowMs = 50;
    expect(slots.oldestWaitMs()).toBe(40);
    expect(slots.waitingSessions()).toEqual(['b', 'c']);
    await new Promise(setImmediate);
    given[0]?.[Symbol.dispose]();
    expect(slots.oldestWaitMs()).toBe(20);
  });

  it('are given to a further call only if one is free and nobody waits', () => {
    const slots = slotsOf(2);
    const { served, given, ask } = asking(slots);
    ask('a');
    const further = slots.tryTake();
    expect(further).toBeDefined();
    expect(slots.tryTake()).toBeUndefined();
    ask('b');
    further?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b']);
    ask('c');
    expect(slots.tryTake()).toBeUndefined();
    given[0]?.[Symbol.dispose]();
    expect(served).toEqual(['a', 'b', 'c']);
  });

  describe('for further calls', () => {
    const piece = { tenant: 'default', session: 'a', cost: 1 };
    const never = new AbortController().signal;

    it('are kept if nobody waits', async () => {
      const { ask, served, given } = asking(slotsOf(1));
      ask('a');
      await given[0]?.nextTurn(piece, never);
      ask('b');
      expect(served).toEqual(['a']);
    });

    it('I13: are left to others that wait, and come back in turn', async () => {
      const { ask, served, given } = asking(slotsOf(1));
      ask('a');
      ask('b');
      const turn = given[0]?.nextTurn(piece, never);
      expect(served).toEqual(['a', 'b']);
      ask('c');
      given[1]?.[Symbol.dispose]();
      await turn;
      expect(served).toEqual(['a', 'b']);
      given[0]?.[Symbol.dispose]();
      expect(served).toEqual(['a', 'b', 'c']);
      given[0]?.[Symbol.dispose]();
      ask('d');
      expect(served).toEqual(['a', 'b', 'c']);
    });

    it('are freed once if the call is cancelled meanwhile', async () => {
      const { ask, served, given } = asking(slotsOf(1));
      const cancelling = new AbortController();
      ask('a');
      ask('b');
      const turn = given[0]?.nextTurn(piece, cancelling.signal);
      cancelling.abort();
      await expect(turn).rejects.toThrow('cancelled');
      given[0]?.[Symbol.dispose]();
      ask('c');
      expect(served).toEqual(['a', 'b']);
      given[1]?.[Symbol.dispose]();
      expect(served).toEqual(['a', 'b', 'c']);
    });
  });

  it('makes fewer calls while the thread is saturated, and serves what waits when it has time again', () => {
    const slots = slotsOf(50);
    const { served, given, ask } = asking(slots);
    for (let call = 0; call < 50; call++) ask('a');
    slots.adapt(1);
    expect(slots.limit).toBe(45);
    ask('b');
    for (const slot of given.splice(0, 5)) slot[Symbol.dispose]();
    expect(served).not.toContain('b');
    slots.adapt(0);
    expect(served).toContain('b');
  });

  it('leave capacity to finals at an engine that makes only so many calls at once', () => {
    let calls = 16;
    const slots = new CallSlots({ maxCalls: 512, capacity: () => ({ calls, lingering: 0 }), now: () => 0 });
    const { served, given, ask } = asking(slots);
    for (let call = 0; call < 20; call++) ask('a');
    expect(served).toHaveLength(14);
    expect(slots.tryTake()).toBeUndefined();
    const finals = [slots.countCall('final'), slots.countCall('final')];
    for (const slot of given.splice(0, 2)) slot[Symbol.dispose]();
    expect(served).toHaveLength(14);
    for (const final of finals) final[Symbol.dispose]();
    expect(served).toHaveLength(16);
    calls = 24;
    slots.adapt(0);
    expect(served).toHaveLength(20);
  });

  it('are fewer while the engine makes calls whose slots are free again, since finals took them over', () => {
    const slots = new CallSlots({ maxCalls: 512, capacity: () => ({ calls: 16, lingering: 0 }), now: () => 0 });
    const { served, given, ask } = asking(slots);
    for (let call = 0; call < 14; call++) ask('a');
    const calls = given.map(() => slots.countCall('partial'));
    expect(slots.limit).toBe(14);
    for (const slot of given.splice(0, 5)) slot[Symbol.dispose]();
    ask('b');
    expect(served).not.toContain('b');
    calls.pop()?.[Symbol.dispose]();
    expect(served).toContain('b');
  });

  it('are given to many in several turns of the event loop, so that it serves others meanwhile', async () => {
    let nowMs = 0;
    const slots = slotsOf(50, () => nowMs);
    const begun: number[] = [];
    for (let call = 0; call < 7; call++) {
      slots.request({ tenant: 't', session: 's', cost: 1 }, () => {
        begun.push(call);
        nowMs += 1;
      });
    }
    expect(begun).toEqual([0, 1]);
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2, 3]);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
