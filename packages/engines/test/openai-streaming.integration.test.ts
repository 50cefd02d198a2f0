import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EngineCancelledError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
} from '@parley/translation';
import { chunk, sendJson, sendTranslation } from './chat-answers.ts';
import { longFinal, requestFor, translateAll } from './engine-under-test.ts';
import { startOpenAiFixture, type OpenAiFixture } from './openai-fixture.ts';

describe('streams of the OpenAI engine', () => {
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture();
  });
  afterEach(() => fixture.close());

  function streamAs(parts: readonly (string | Uint8Array)[], end = true): void {
    fixture.server.script = async ({ answer }) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of parts) {
        answer.write(part);
        await new Promise(setImmediate);
      }
      if (end) answer.end();
    };
  }

  /** What came before the error, and the error. */
  async function collect(): Promise<{ pieces: string[]; error: unknown }> {
    const pieces: string[] = [];
    const reply = fixture.engine.translate(requestFor(longFinal), (piece) => void pieces.push(piece));
    const error: unknown = await reply.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { pieces, error };
  }

  it.each([
    ['a short partial', { kind: 'partial' as const }, false],
    ['a short final', { kind: 'final' as const }, false],
    ['a long partial', { ...longFinal, kind: 'partial' as const }, true],
    ['a long final', longFinal, true],
  ])('asks for %s: stream %#', async (_, given, stream) => {
    fixture.translateAs('Buenos días a todos.');
    const { pieces } = await translateAll(fixture.engine, given);
    const body = JSON.parse(fixture.server.exchanges[0]?.body ?? '') as Record<string, unknown>;
    expect(body.stream).toBe(stream);
    expect(body.stream_options).toEqual(stream ? { include_usage: true } : undefined);
    expect(pieces).toHaveLength(stream ? 4 : 1);
  });

  it('reads events whatever their cuts, comments, line ends and empty choices', async () => {
    const text = `: hello\r\n\r\n${chunk('¡Buenos ').replaceAll('\n', '\r\n')}${chunk('días!', 'stop')}data: {"choices":[]}\n\ndata: [DONE]\n\n`;
    streamAs(Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte)));
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('¡Buenos días!');
  });

  it('needs no [DONE] after a finish reason', async () => {
    streamAs([chunk('Hola', 'stop')]);
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Hola');
  });

  const whole = [chunk('Hola'), chunk('', 'stop'), 'data: [DONE]\n\n'];

  it.each([
    ['ends with [DONE]', ['data: [DONE]\n\n'], 'Hola a todos.'],
    ['is cut', [], undefined],
  ])('I38 knows a stop in each chunk for no end, in a stream that %s', async (_, end, expected) => {
    streamAs([chunk('Hola ', 'stop'), chunk('a ', 'stop'), chunk('todos.', 'stop'), ...end]);
    const reply = translateAll(fixture.engine, longFinal);
    if (expected === undefined) await expect(reply).rejects.toBeInstanceOf(EngineUnavailableError);
    else expect((await reply).text).toBe(expected);
  });

  it('reads the end of a stream that tells it elsewhere', async () => {
    for (const end of [{ finish_details: { type: 'stop' } }, { finish_reason: null, native_finish_reason: 'STOP' }]) {
      streamAs([chunk('Hola'), `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, ...end }] })}\n\n`]);
      expect((await translateAll(fixture.engine, longFinal)).text).toBe('Hola');
    }
  });

  it('reads the delta of a chunk that has an empty message as well', async () => {
    const both = { choices: [{ index: 0, delta: { content: 'Hola' }, message: {}, finish_reason: 'stop' }] };
    streamAs([`data: ${JSON.stringify(both)}\n\n`]);
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Hola');
  });

  it('reads the only choice of a whole reply, whatever its number', async () => {
    const message = { content: 'Hola' };
    fixture.server.script = ({ answer }) =>
      sendJson(answer, 200, { choices: [{ index: 1, message, finish_reason: 'stop' }] });
    expect((await translateAll(fixture.engine)).text).toBe('Hola');
  });

  it('does not wait for the end of the body after [DONE], and aborts the request', async () => {
    const coming = fixture.server.nextExchange();
    streamAs(whole, false);
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Hola');
    await (
      await coming
    ).aborted;
  });

  it('reads the body to its end after [DONE], to reuse the connection', async () => {
    await fixture.close();
    fixture = await startOpenAiFixture({ connections: 1 });
    streamAs(whole);
    for (let call = 0; call < 3; call++) await translateAll(fixture.engine, longFinal);
    expect(fixture.server.connections).toBe(1);
  });

  it('accepts a reply whose connection is cut after [DONE]', async () => {
    fixture.server.script = (exchange) => {
      exchange.answer.writeHead(200, { 'content-type': 'text/event-stream' });
      exchange.answer.write(whole.join(''), () => exchange.cut());
    };
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Hola');
  });

  it.each([
    ['ends without a finish reason', [chunk('Buenos')], EngineUnavailableError],
    ['brings an error', [chunk('Buenos'), 'data: {"error":{"message":"overloaded"}}\n\n'], EngineUnavailableError],
    [
      'brings a message alone',
      [chunk('Buenos'), 'data: {"message":"overloaded"}\n\n', chunk('', 'stop')],
      EngineUnavailableError,
    ],
    [
      'tells of no success',
      [chunk('Buenos'), 'data: {"success":false}\n\n', chunk('', 'stop')],
      EngineUnavailableError,
    ],
    [
      'brings an event ERROR',
      [chunk('Buenos'), 'event: ERROR\ndata: {"msg":"overloaded"}\n\n', chunk('', 'stop')],
      EngineUnavailableError,
    ],
    ['runs into the limit of tokens', [chunk('Buenos'), chunk('', 'length'), 'data: [DONE]\n\n'], EngineReplyError],
    ['is stopped by a filter', [chunk('Buenos'), chunk('', 'content_filter')], EngineReplyError],
    ['brings no JSON', [chunk('Buenos'), 'data: Buenos\n\n'], EngineUnavailableError],
  ])('fails where the stream %s, after what had come', async (_, parts, type) => {
    streamAs(parts);
    const { pieces, error } = await collect();
    expect(pieces).toEqual(['Buenos']);
    expect(error).toBeInstanceOf(type);
    sendAgain();
    expect((await translateAll(fixture.engine, longFinal)).text).toBe('Otra vez.');
  });

  it.each([
    ['total', [chunk('Buenos')], { totalTimeoutMs: 1000 }],
    ['next-token', [chunk('Buenos')], { firstTokenTimeoutMs: 1000 }],
    ['first-token', [': I am still here\n\n', chunk('')], { firstTokenTimeoutMs: 1000 }],
  ])('stops a reply that does not end in time: %s', async (stage, parts, timeouts) => {
    await fixture.close();
    fixture = await startOpenAiFixture(timeouts);
    streamAs(parts, false);
    const { pieces, error } = await collect();
    expect(pieces).toHaveLength(stage === 'first-token' ? 0 : 1);
    expect(error).toBeInstanceOf(EngineTimeoutError);
    expect((error as EngineTimeoutError).stage).toBe(stage);
  });

  it('ends the request when it is aborted in the middle of the reply', async () => {
    const coming = fixture.server.nextExchange();
    streamAs([chunk('Buenos'), chunk(' días')], false);
    const controller = new AbortController();
    const reply = fixture.engine.translate(requestFor({ ...longFinal, signal: controller.signal }), () =>
      controller.abort(),
    );
    await expect(reply).rejects.toBeInstanceOf(EngineCancelledError);
    await (
      await coming
    ).aborted;
  });

  it.each([
    [{ content: 'Bue', refusal: null }, 'length'],
    [{ content: null, refusal: 'I can not do that.' }, 'stop'],
    [{ content: 'Bue' }, 'content_filter'],
  ])('refuses a plain reply %j that finished by %s', async (message, finish_reason) => {
    fixture.server.script = ({ answer }) => sendJson(answer, 200, { choices: [{ message, finish_reason }] });
    await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(EngineReplyError);
  });

  function sendAgain(): void {
    fixture.server.script = (exchange) => sendTranslation(exchange, 'Otra vez.');
  }
});
