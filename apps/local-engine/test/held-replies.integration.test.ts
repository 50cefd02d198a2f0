import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';

describe('held replies', () => {
  let engine: EngineFixture;
  let arrived: string[];

  beforeEach(async () => {
    engine = await startEngineFixture();
    arrived = [];
  });

  afterEach(() => engine.close());

  /** Asks for `count` translations, one after the other, all of which are held. */
  async function hold(count: number): Promise<{ ids: string[]; replies: Promise<unknown> }> {
    await engine.fetch('/debug/hold', { on: true });
    const replies: Promise<unknown>[] = [];
    for (let number = 1; number <= count; number += 1) {
      const reply = translate(engine, `text ${number}`, 'en', 'es').then((marked) => arrived.push(marked ?? ''));
      replies.push(reply);
      await engine.held(number);
    }
    const held = await engine.held(count);
    expect(held).toEqual(
      replies.map((_, index) => ({ id: expect.any(String), target: 'es', text: `text ${index + 1}` })),
    );
    return { ids: held.map(({ id }) => id), replies: Promise.all(replies) };
  }

  it('are sent in the given order', async () => {
    const { ids, replies } = await hold(5);
    const order = [3, 0, 4, 1, 2];
    const chosen = order.map((index) => ids[index]);
    const answer = await engine.fetch('/debug/release', { ids: [...chosen, 'unknown'] });
    expect(await answer.json()).toEqual({ released: chosen });
    await replies;
    expect(arrived).toEqual(order.map((index) => `[es] text ${index + 1}`));
  });

  it.each([
    ['by arrival', { order: 'arrival' }, [1, 2, 3, 4]],
    ['reversed', { order: 'reverse' }, [4, 3, 2, 1]],
    ['all', { all: true }, [1, 2, 3, 4]],
  ])('are sent %s', async (_, command, order) => {
    const { replies } = await hold(4);
    await engine.fetch('/debug/release', command);
    await replies;
    expect(arrived).toEqual(order.map((number) => `[es] text ${number}`));
    await expect(engine.held(0)).resolves.toEqual([]);
  });

  it('stay held when others are released, and when holding is turned off', async () => {
    const { ids, replies } = await hold(3);
    await engine.fetch('/debug/release', { ids: ids.slice(1, 2) });
    await engine.fetch('/debug/hold', { on: false });
    await expect(translate(engine, 'text 4', 'en', 'es')).resolves.toBe('[es] text 4');
    const held = await engine.held(2);
    expect(held.map(({ text }) => text)).toEqual(['text 1', 'text 3']);
    expect(arrived).toEqual(['[es] text 2']);
    await engine.fetch('/debug/release', { all: true });
    await replies;
  });

  it('are released by a reset, after which nothing is held', async () => {
    const { replies } = await hold(2);
    await engine.fetch('/debug/reset', {});
    await replies;
    await expect(translate(engine, 'text 3', 'en', 'es')).resolves.toBe('[es] text 3');
  });

  it('are released before the engine closes', async () => {
    const { replies } = await hold(2);
    await engine.close();
    await replies;
    expect(arrived.toSorted()).toEqual(['[es] text 1', '[es] text 2']);
  });
});
