import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { chatRequest, startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';

describe('the statistics of the local engine', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await startEngineFixture();
  });

  afterEach(() => engine.close());

  it('count requests by outcome, and tokens by target', async () => {
    await translate(engine, 'Hello.', 'en', 'es');
    await translate(engine, 'Hello.', 'en', 'es');
    await translate(engine, 'Hello.', 'en', 'ca');
    await engine.fetch('/v1/chat/completions', {});
    const promptTokens = Math.ceil(
      chatRequest('Hello.', 'en', 'es').messages.reduce((sum, { content }) => sum + content.length, 0) / 4,
    );
    expect(await engine.stats()).toMatchObject({
      requests: 4,
      completed: 3,
      rejected: 1,
      failed: 0,
      aborted: 0,
      concurrent: 0,
      maxConcurrent: 1,
      promptTokens: 3 * promptTokens,
      completionTokens: 9,
      byTarget: {
        es: { completed: 2, texts: 2, promptTokens: 2 * promptTokens, completionTokens: 6 },
        ca: { completed: 1, texts: 1, promptTokens, completionTokens: 3 },
      },
    });
  });

  it('count concurrent requests, and are cleared by a reset', async () => {
    await engine.fetch('/debug/hold', { on: true });
    const replies = [1, 2, 3].map((number) => translate(engine, `text ${number}`, 'en', 'es'));
    await engine.held(3);
    expect(await engine.stats()).toMatchObject({ requests: 3, concurrent: 3, maxConcurrent: 3, completed: 0 });
    await engine.fetch('/debug/release', { all: true });
    await Promise.all(replies);
    expect(await engine.stats()).toMatchObject({ concurrent: 0, maxConcurrent: 3, completed: 3 });
    await engine.fetch('/debug/reset', {});
    expect(await engine.stats()).toMatchObject({
      requests: 0,
      maxConcurrent: 0,
      completed: 0,
      completionTokens: 0,
      byTarget: {},
    });
  });

  it('count connections, which are reused by the next request', async () => {
    const agent = new Agent({ connections: 1 });
    const { connections: before } = await engine.stats();
    for (const stream of [false, true, false, true]) {
      const { body } = await request(`${engine.url}/chat/completions`, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...chatRequest('Hello.', 'en', 'es'), stream }),
      });
      await body.text();
    }
    await agent.close();
    const { connections, completed } = await engine.stats();
    expect(completed).toBe(4);
    expect(connections - before).toBe(1);
  });
});
