import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine, PaidCall, TranslationRequest } from '@parley/translation';
import type { Endpoint } from '../src/index.ts';
import { makeCertificate } from './certificate.ts';
import { chunk, sendError, sendJson } from './chat-answers.ts';
import { longFinal, translateAll } from './engine-under-test.ts';
import { endpointOf, unlimited } from './endpoint-fixture.ts';
import { startOpenAiFixture, type OpenAiFixture } from './openai-fixture.ts';
import type { ScriptedServer } from './scripted-server.ts';

const certificate = await makeCertificate();
const account = { session: 's', tenant: 't' };
const usage = { prompt_tokens: 40, completion_tokens: 7 };
const counted = { promptTokens: 40, completionTokens: 7 };

describe('what a failed call of the OpenAI engine counts as', () => {
  let fixture: OpenAiFixture;
  let engine: Pick<Engine, 'translate'>;
  let endpoint: Endpoint;
  let calls: PaidCall[];

  async function start(...given: Parameters<typeof startOpenAiFixture>): Promise<void> {
    fixture = await startOpenAiFixture(...given);
    calls = [];
    const spending = { spent: (call: PaidCall) => void calls.push(call) };
    endpoint = endpointOf(fixture.engine, { spending, batching: true, limiter: { ...unlimited, isSaturated: true } });
    engine = { translate: (request, onText) => endpoint.call(request, onText) };
  }

  beforeEach(() => start());
  afterEach(() => fixture.close());

  /** Fails. */
  async function fail(script: ScriptedServer['script'], given: Partial<TranslationRequest> = {}): Promise<void> {
    fixture.server.script = script;
    await expect(translateAll(engine, { ...account, ...given })).rejects.toThrow();
  }

  /** About what the prompt takes, and nothing for an answer. */
  function expectEstimate(): void {
    expect(calls).toMatchObject([{ requests: 1, completionTokens: 0 }]);
    expect(calls[0]?.promptTokens).toBeGreaterThan(50);
  }

  const badReplies = [
    { message: { content: 'Bue', refusal: null }, finish_reason: 'length' },
    { message: { content: null, refusal: 'I can not do that.' }, finish_reason: 'stop' },
    { message: { content: 'Bue' }, finish_reason: 'content_filter' },
  ];

  it.each(badReplies)('a reply that can not be used: what it says, %j', async (choice) => {
    await fail(({ answer }) => sendJson(answer, 200, { choices: [choice], usage }));
    expect(calls).toMatchObject([{ requests: 1, ...counted }]);
  });

  it.each(badReplies)('the same of a batch: what it says, %j', async (choice) => {
    fixture.server.script = ({ answer }) => sendJson(answer, 200, { choices: [choice], usage });
    const texts = ['one', 'two'];
    const failed = texts.map((text) =>
      translateAll(engine, { ...account, text, kind: 'final' }).catch(() => undefined),
    );
    await Promise.all(failed);
    // One call for both, and then one for each.
    expect(calls.map(({ requests, promptTokens }) => [requests, promptTokens])).toEqual([
      [1, 20],
      [0, 20],
      [1, 40],
      [1, 40],
    ]);
  });

  it('a stream that runs into its limit: what it says', async () => {
    await fail(({ answer }) => {
      answer.writeHead(200);
      answer.end(`${chunk('Buenos', 'length')}data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
    }, longFinal);
    expect(calls).toMatchObject([{ requests: 1, ...counted }]);
  });

  it('replies that leave no room for a translation: what all of them say, as one call', async () => {
    await fail(({ answer }) => {
      const choice = { message: { content: '' }, finish_reason: 'length' };
      sendJson(answer, 200, { choices: [choice], usage });
    });
    const asked = fixture.server.exchanges.length;
    expect(asked).toBe(3);
    expect(calls).toMatchObject([{ requests: 1, promptTokens: 40 * asked, completionTokens: 7 * asked }]);
  });

  it('a reply that can not be read: an estimate', async () => {
    await fail(({ answer }) => void answer.writeHead(200).end('Buenos'));
    expectEstimate();
  });

  it.each([
    ['ends', (answer) => void answer.end(': hello\n\n')],
    ['is cut', (answer, cut) => void answer.write(': hello\n\n', cut)],
    ['brings an error', (answer) => void answer.end('data: {"error":{"message":"overloaded"}}\n\n')],
  ] satisfies [string, (answer: Parameters<typeof sendJson>[0], cut: () => void) => void][])(
    'a stream that %s before its first word: an estimate',
    async (_, breakOff) => {
      await fail((exchange) => breakOff(exchange.answer.writeHead(200), () => exchange.cut()), longFinal);
      expectEstimate();
    },
  );

  it('one that times out: an estimate', async () => {
    await fixture.close();
    await start({ firstTokenTimeoutMs: 300 });
    await fail(() => undefined);
    expectEstimate();
  });

  it.each([
    ['HTTP/1.1', undefined],
    ['HTTP/2', certificate],
  ])('one that is left once it was sent over %s: an estimate', async (_, overTls) => {
    await fixture.close();
    await start({}, overTls);
    const coming = fixture.hang();
    const left = new AbortController();
    const failed = expect(translateAll(engine, { ...account, signal: left.signal })).rejects.toThrow();
    await coming;
    left.abort();
    await failed;
    expectEstimate();
  });

  it('one that is left while it waits for a connection: nothing', async () => {
    await fixture.close();
    await start({ connections: 1, http2: false });
    const coming = fixture.hang();
    const leave = [new AbortController(), new AbortController()] as const;
    const first = expect(translateAll(engine, { ...account, signal: leave[0].signal })).rejects.toThrow();
    await coming;
    const second = expect(translateAll(engine, { ...account, signal: leave[1].signal })).rejects.toThrow();
    leave[1].abort();
    await second;
    expect(calls).toEqual([]);
    leave[0].abort();
    await first;
    expect(calls).toHaveLength(1);
  });

  it.each([429, 503, 401])('one that is refused with %d: nothing', async (status) => {
    await fail(({ answer }) => sendError(answer, status, {}));
    expect(calls).toEqual([]);
  });

  it('one that finds nobody: nothing', async () => {
    await fixture.server.close();
    await fail(() => undefined);
    expect(calls).toEqual([]);
  });
});
