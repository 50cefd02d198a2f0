import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { engineOf, startStack, type EngineControl, type TestStack } from './harness/index.ts';
import { resultOf, resultsIn } from './harness/results.ts';
import type { Speaker } from './harness/speaker.ts';
import { apiKeys, describeSpoken, longText, speakQuietly, startTenant } from './tenant-fairness/tenants.ts';

const targets = ['es', 'ca', 'fr'];
const longChars = 9000;

const patient = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '60000', ENGINE_TOTAL_TIMEOUT_MS: '60000' };
const common = { API_KEYS: apiKeys, SINGLEFLIGHT: 'off', BATCHING: 'off', ...patient };

describe('without a rate limit, where the worker has few places for calls,', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ env: { ...common, FINAL_CONCURRENCY: '4', PARTIAL_CONCURRENCY: '4' } });
    engine = engineOf(stack);
  });
  afterEach(() => engine.reset());
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  async function startMany(count: number, targetLanguages: readonly string[]) {
    await using opened = new AsyncDisposableStack();
    const speakers: Speaker[] = [];
    while (speakers.length < count) speakers.push(opened.use(await startTenant(stack, 'a', targetLanguages)));
    const owned = opened.move();
    return { speakers, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }

  const isLong = ({ text }: { text: string }): boolean => text.length > 500;

  it('I13: long finals of a tenant occupy no place of the short finals of another', async () => {
    await using pasting = await startMany(3, targets);
    await using speaking = await startTenant(stack, 'b', targets);
    await engine.hold(true);
    for (let segmentId = 0; segmentId < 4; segmentId++) {
      for (const [index, { session }] of pasting.speakers.entries()) {
        await session.sendFinal({ segmentId, text: longText(10 * index + segmentId, longChars) });
      }
    }
    await engine.held(2);
    await speaking.session.sendFinal({ segmentId: 0, text: 'good morning' });
    // None of the long ones has ended, and all three languages are at the engine.
    const held = await engine.held(5);
    expect(held.filter(isLong)).toHaveLength(2);
    expect(held.filter((reply) => !isLong(reply)).map(({ target }) => target)).toHaveLength(3);
    await engine.hold(false);
    await engine.release({ all: true });
    for (const target of targets) await speaking.waitForMessage(resultOf(0, target));
    for (const speaker of pasting.speakers) {
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 12, finalsFailed: 0 } });
    }
  });

  it('I13: finals of many sessions do not delay those of a tenant with one', async () => {
    await using many = await startMany(16, ['es']);
    await using speaking = await startTenant(stack, 'b');
    await engine.hold(true);
    for (let segmentId = 0; segmentId < 4; segmentId++) {
      for (const [index, { session }] of many.speakers.entries()) {
        await session.sendFinal({ segmentId, text: `sentence ${segmentId} of session ${index}` });
      }
    }
    await engine.held(4);
    for (let segmentId = 0; segmentId < 4; segmentId++) {
      await speaking.session.sendFinal({ segmentId, text: `good morning ${segmentId}` });
    }
    // Of the next calls, about each second one is that of `b`, as exactly as the steps of the order are.
    const begun: string[] = [];
    while (begun.length < 8) {
      const [first, ...others] = await engine.held(4);
      if (first === undefined) throw new Error('nothing is held');
      await engine.release({ ids: [first.id] });
      const known = new Set(others.map(({ id }) => id));
      const next = (await engine.held(4)).find(({ id }) => !known.has(id));
      begun.push(next?.text.startsWith('good') === true ? 'b' : 'a');
    }
    process.stderr.write(`calls beside sixteen sessions of a: ${begun.join('')}\n`);
    expect(begun.filter((tenant) => tenant === 'b').length).toBeGreaterThanOrEqual(3);
    await engine.hold(false);
    await engine.release({ all: true });
    for (const speaker of [...many.speakers, speaking]) expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('I13: long partials of many segments take no more than the share of their tenant', async () => {
    await using long = await startMany(3, targets);
    await using speaking = await startTenant(stack, 'b');
    await engine.hold(true);
    for (let segmentId = 0; segmentId < 4; segmentId++) {
      for (const [index, { session }] of long.speakers.entries()) {
        session.sendPartial({ segmentId, revision: 0, text: longText(10 * index + segmentId, longChars) });
      }
    }
    await engine.held(4);
    speaking.session.sendPartial({ segmentId: 0, revision: 0, text: 'good morning' });
    // The pieces that come first are those called while it was on its way; each partial has more than forty.
    let released = 0;
    for (;;) {
      const held = await engine.held(4);
      const own = held.find(({ text }) => text === 'good morning');
      if (own !== undefined) break;
      const [first] = held;
      if (first === undefined) throw new Error('nothing is held');
      await engine.release({ ids: [first.id] });
      released++;
    }
    process.stderr.write(`pieces of long partials before a short one: ${released}\n`);
    expect(released).toBeLessThanOrEqual(40);
    await engine.hold(false);
    await engine.release({ all: true });
  });

  it('I13: long finals and partials of a tenant leave another as quick as alone', async () => {
    await engine.reset();
    await using quiet = await startTenant(stack, 'b', targets);
    const alone = await speakQuietly(quiet, 6);
    await using pasting = await startMany(3, targets);
    await using speaking = await startTenant(stack, 'b', targets);
    for (const [index, { session }] of pasting.speakers.entries()) {
      for (let segmentId = 0; segmentId < 6; segmentId++) {
        await session.sendFinal({ segmentId, text: longText(100 + 10 * index + segmentId, longChars) });
        session.sendPartial({
          segmentId: 100 + segmentId,
          revision: 0,
          text: longText(200 + 10 * index + segmentId, longChars),
        });
      }
    }
    const beside = await speakQuietly(speaking, 6, pasting.speakers);
    process.stderr.write(`alone: ${describeSpoken(alone)}\nbeside long texts: ${describeSpoken(beside)}\n`);
    for (const speaker of pasting.speakers) {
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 18, finalsFailed: 0 } });
    }
    expect(await speaking.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 18, finalsFailed: 0 } });
  });
});

describe('under a rate limit', () => {
  it('I13: of requests, finals of many sessions of a tenant leave another its share', async () => {
    await using stack = await startStack({ workers: 2, env: { ...common, OPENAI_RPM: '600' } });
    await engineOf(stack).limit({ rpm: 600, limiter: 'bucket', burstMs: 1000 });
    await using speaking = await startTenant(stack, 'b');
    await using opened = new AsyncDisposableStack();
    const many: Speaker[] = [];
    while (many.length < 20) many.push(opened.use(await startTenant(stack, 'a')));
    const alone = await speakQuietly(speaking, 5);
    // Each session has only finals that would come first: without tenants they all had priority.
    for (let segmentId = 0; segmentId < 4; segmentId++) {
      for (const [index, { session }] of many.entries()) {
        await session.sendFinal({ segmentId, text: `sentence ${segmentId} of session ${index}` });
      }
    }
    await using again = await startTenant(stack, 'b');
    const beside = await speakQuietly(again, 5, many);
    const first = beside.map(({ othersFirst }) => othersFirst);
    process.stderr.write(`alone: ${describeSpoken(alone)}\nbeside many sessions: ${describeSpoken(beside)}\n`);
    process.stderr.write(`finals of others that came first: ${first.join(', ')} of 80\n`);
    // The first one comes while the queue is still filled.
    expect([...first].sort((one, other) => one - other)[2]).toBeLessThanOrEqual(20);
    expect(many.flatMap(({ messages }) => resultsIn(messages)).length).toBeLessThan(80);
    for (const speaker of [...many, speaking, again]) {
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    }
  }, 120_000);

  it('I13: of tokens, long finals of a tenant leave another its share, and none of them starves', async () => {
    // A long final uses the allowance of some four seconds.
    const tpm = 120_000;
    await using stack = await startStack({ workers: 2, env: { ...common, OPENAI_TPM: String(tpm) } });
    await using speaking = await startTenant(stack, 'b');
    await using opened = new AsyncDisposableStack();
    const pasting: Speaker[] = [];
    while (pasting.length < 3) pasting.push(opened.use(await startTenant(stack, 'a', ['es', 'ca'])));
    const alone = await speakQuietly(speaking, 5);
    for (const [index, { session }] of pasting.entries()) {
      await session.sendFinal({ segmentId: 0, text: longText(index, longChars) });
    }
    await using again = await startTenant(stack, 'b');
    const beside = await speakQuietly(again, 5, pasting);
    const first = beside.reduce((sum, { othersFirst }) => sum + othersFirst, 0);
    process.stderr.write(`alone: ${describeSpoken(alone)}\nbeside long finals: ${describeSpoken(beside)}\n`);
    process.stderr.write(`long finals that came first: ${first} of 6\n`);
    // A call on credit stops nobody. What a bucket shared by all would do is tested exactly in packages/redis.
    expect(first).toBeLessThanOrEqual(3);
    for (const speaker of [...pasting, speaking, again]) {
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    }
  }, 180_000);
});
