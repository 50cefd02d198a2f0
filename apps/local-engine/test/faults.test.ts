import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';

describe('faults', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await startEngineFixture();
  });

  afterEach(() => engine.close());

  const ask = (text: string, target: string) => translate(engine, text, 'en', target);

  it('strike the text and target that they name, as often as they say', async () => {
    await engine.fetch('/debug/fail', { text: 'one', target: 'es', status: 503, times: 2 });
    for (let time = 1; time <= 2; time += 1) await expect(ask('one', 'es')).rejects.toMatchObject({ status: 503 });
    await expect(ask('one', 'es')).resolves.toBe('[es] one');
    await expect(ask('two', 'es')).resolves.toBe('[es] two');
    await expect(ask('one', 'fr')).resolves.toBe('[fr] one');
    expect(await engine.stats()).toMatchObject({ failed: 2, completed: 3 });
  });

  it('give a reply of their own, until everything is reset', async () => {
    await engine.fetch('/debug/fail', { target: 'es', reply: '' });
    await expect(ask('one', 'es')).resolves.toBe('');
    await expect(ask('two', 'es')).resolves.toBe('');
    await expect(ask('two', 'fr')).resolves.toBe('[fr] two');
    await engine.fetch('/debug/reset', {});
    await expect(ask('one', 'es')).resolves.toBe('[es] one');
  });

  it('are held back like replies', async () => {
    await engine.fetch('/debug/fail', { text: 'one', status: 400 });
    await engine.fetch('/debug/hold', { on: true });
    const failing = expect(ask('one', 'es')).rejects.toMatchObject({ status: 400 });
    expect(await engine.held(1)).toMatchObject([{ text: 'one' }]);
    await engine.fetch('/debug/release', { all: true });
    await failing;
  });

  it.each([{}, { status: 200 }, { status: 500, reply: '' }, { reply: '', times: 0 }, { reply: '', to: 'es' }])(
    'that make no sense are refused: %j',
    async (order) => {
      expect((await engine.fetch('/debug/fail', order)).status).toBe(400);
    },
  );
});
