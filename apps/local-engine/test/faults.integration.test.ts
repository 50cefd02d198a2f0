import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chatRequest, startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';
import { eventually } from './eventually.ts';

describe('faults', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await startEngineFixture();
  });

  afterEach(() => engine.close());

  const ask = (text: string, target: string) => translate(engine, text, 'en', target);

  it('apply to their text and target, as often as configured', async () => {
    await engine.fetch('/debug/fail', { text: 'one', target: 'es', status: 503, times: 2 });
    for (let time = 1; time <= 2; time += 1) await expect(ask('one', 'es')).rejects.toMatchObject({ status: 503 });
    await expect(ask('one', 'es')).resolves.toBe('[es] one');
    await expect(ask('two', 'es')).resolves.toBe('[es] two');
    await expect(ask('one', 'fr')).resolves.toBe('[fr] one');
    expect(await engine.stats()).toMatchObject({ failed: 2, completed: 3 });
  });

  it('replace the reply until everything is reset', async () => {
    await engine.fetch('/debug/fail', { target: 'es', reply: '' });
    await expect(ask('one', 'es')).resolves.toBe('');
    await expect(ask('two', 'es')).resolves.toBe('');
    await expect(ask('two', 'fr')).resolves.toBe('[fr] two');
    await engine.fetch('/debug/reset', {});
    await expect(ask('one', 'es')).resolves.toBe('[es] one');
  });

  it('are held like replies', async () => {
    await engine.fetch('/debug/fail', { text: 'one', status: 400 });
    await engine.fetch('/debug/hold', { on: true });
    const failing = expect(ask('one', 'es')).rejects.toMatchObject({ status: 400 });
    expect(await engine.held(1)).toMatchObject([{ text: 'one' }]);
    await engine.fetch('/debug/release', { all: true });
    await failing;
  });

  it('report the retry delay', async () => {
    await engine.fetch('/debug/fail', { status: 429, retryAfterMs: 1500, times: 1 });
    await engine.fetch('/debug/fail', { status: 503, times: 1 });
    const limited = await engine.fetch('/v1/chat/completions', chatRequest('one', 'en', 'es'));
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('2');
    expect(limited.headers.get('retry-after-ms')).toBe('1500');
    expect(await limited.json()).toMatchObject({
      error: { type: 'requests', code: 'rate_limit_exceeded', message: expect.stringContaining('try again in 1.5s.') },
    });
    const unavailable = await engine.fetch('/v1/chat/completions', chatRequest('one', 'en', 'es'));
    expect(unavailable.status).toBe(503);
    expect(unavailable.headers.has('retry-after')).toBe(false);
  });

  it('delay replies', async () => {
    await engine.fetch('/debug/fail', { slowMs: 60_000 });
    const leaving = new AbortController();
    const late = expect(
      engine.client.chat.completions.create(chatRequest('one', 'en', 'es'), { signal: leaving.signal }),
    ).rejects.toThrow();
    await eventually(
      () => engine.stats(),
      ({ faults }) => faults.slow === 1,
    );
    leaving.abort();
    await late;
    await engine.fetch('/debug/reset', {});
    await engine.fetch('/debug/fail', { slowMs: 20 });
    await expect(ask('one', 'es')).resolves.toBe('[es] one');
  });

  it('answer as an assistant would', async () => {
    await engine.fetch('/debug/fail', { effect: 'answer', times: 2 });
    const answers = [await ask('Who are you?', 'es'), await ask('Who are you?', 'es')];
    expect(new Set(answers).size).toBe(2);
    for (const answer of answers) expect(answer).not.toContain('Who are you?');
    await expect(ask('Who are you?', 'es')).resolves.toBe('[es] Who are you?');
  });

  it('are healed, and return with a reset if they are configured', async () => {
    await using faulty = await startEngineFixture({ ENGINE_FAULTS: 'empty=100%' });
    await expect(translate(faulty, 'one', 'en', 'es')).resolves.toBe('');
    await faulty.fetch('/debug/heal', {});
    await expect(translate(faulty, 'one', 'en', 'es')).resolves.toBe('[es] one');
    await faulty.fetch('/debug/reset', {});
    await expect(translate(faulty, 'one', 'en', 'es')).resolves.toBe('');
    expect(await faulty.stats()).toMatchObject({ faults: { empty: 1 } });
  });

  it.each([
    {},
    { status: 200 },
    { effect: 'crash' },
    { effect: 'hang', share: 2 },
    { slowMs: 0 },
    { status: 500, reply: '' },
    { reply: '', times: 0 },
    { reply: '', to: 'es' },
  ])('are rejected if invalid: %j', async (order) => {
    expect((await engine.fetch('/debug/fail', order)).status).toBe(400);
  });
});
