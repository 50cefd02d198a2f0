import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { clientMessageSchema, serverMessageSchema, subprotocol, type ServerMessage } from '@parley/protocol';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { startStack } from './harness/index.ts';

type Frame = { readonly type: string } & Readonly<Record<string, unknown>>;

const page = readFileSync(new URL('../docs/protocol.md', import.meta.url), 'utf8');

/** The frames that the page shows under a heading, by their types. */
function framesUnder(heading: string): Map<string, Frame> {
  const [, section = ''] = page.split(`### ${heading}\n`);
  const [, block = ''] = /^```jsonl\n(.*?)^```$/ms.exec(section) ?? [];
  const frames = block.split('\n').filter((line) => line !== '');
  return new Map(frames.map((line) => JSON.parse(line) as Frame).map((frame) => [frame.type, frame]));
}

const fromClient = framesUnder('Frames from the client');
const fromServer = framesUnder('Frames from the server');
const typesOf = (schema: { options: readonly { shape: { type: { value: string } } }[] }): string[] =>
  schema.options.map(({ shape }) => shape.type.value).sort();

/** A connection that sends the page's frames and keeps what it has received. */
class Talker implements Disposable {
  readonly received: ServerMessage[] = [];
  readonly #socket: WebSocket;

  constructor(url: string) {
    this.#socket = new WebSocket(url, subprotocol);
    this.#socket.on('message', (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()) as ServerMessage);
    });
  }

  async opened(): Promise<void> {
    await once(this.#socket, 'open');
  }

  /** Sends the frame of the page, with values that only this session has. */
  say(type: string, values: object = {}): void {
    this.#socket.send(JSON.stringify({ ...fromClient.get(type), ...values }));
  }

  async hear<T extends ServerMessage['type']>(type: T, count = 1): Promise<Extract<ServerMessage, { type: T }>> {
    for (;;) {
      const found = this.received.filter((message) => message.type === type)[count - 1];
      if (found !== undefined) return found as Extract<ServerMessage, { type: T }>;
      await once(this.#socket, 'message');
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}

/** Holds the conversation of the page with a real pipeline, and returns everything that the server sent. */
async function converse(): Promise<readonly ServerMessage[]> {
  await using stack = await startStack({ env: { STABILITY: 'balanced' } });
  using speaker = new Talker(stack.streamUrl());
  await speaker.opened();
  speaker.say('session.start');
  const { joinCode, sessionId, resumeToken, offset } = await speaker.hear('session.started');
  using listener = new Talker(stack.streamUrl());
  await listener.opened();
  listener.say('session.join', { joinCode });
  await listener.hear('session.joined');
  await speaker.hear('session.listeners');
  speaker.say('session.update', { paused: true });
  await listener.hear('session.paused');
  speaker.say('session.update', { paused: false });
  await listener.hear('session.unpaused');
  speaker.say('session.update');
  await speaker.hear('session.updated');
  speaker.say('transcript.partial');
  await speaker.hear('translation.partial');
  await listener.hear('transcript.partial');
  speaker.say('transcript.final');
  await speaker.hear('transcript.accepted');
  speaker.say('transcript.final', { startMs: -1 });
  speaker.say('transcript.final', { text: 'Other words.' });
  await speaker.hear('translation.final');
  await speaker.hear('notice');
  await speaker.hear('error');
  await listener.hear('transcript.final');
  using operator = new Talker(stack.streamUrl());
  await operator.opened();
  operator.say('transcript.correct', { sessionId });
  await operator.hear('correction.accepted');
  await listener.hear('transcript.corrected');
  await listener.hear('translation.corrected');
  using returning = new Talker(stack.streamUrl());
  await returning.opened();
  returning.say('session.resume', { sessionId, resumeToken, offset, held: [1] });
  await returning.hear('session.resumed');
  returning.say('ping');
  await returning.hear('pong');
  returning.say('session.end');
  await returning.hear('session.ended');
  return [...speaker.received, ...listener.received, ...operator.received, ...returning.received];
}

describe('the example frames of docs/protocol.md', () => {
  it('show every message', () => {
    expect([...fromClient.keys()].sort()).toEqual(typesOf(clientMessageSchema));
    expect([...fromServer.keys()].sort()).toEqual(typesOf(serverMessageSchema));
  });

  it('are valid, and have no field that is unknown', () => {
    for (const frame of fromClient.values()) expect(clientMessageSchema.parse(frame)).toMatchObject(frame);
    for (const frame of fromServer.values()) expect(serverMessageSchema.parse(frame)).toEqual(frame);
  });

  describe('in a conversation', () => {
    /** Sent only when something is wrong with an engine, the server or Redis. */
    const exceptional = new Set(['session.degraded', 'session.recovered', 'session.resync', 'translation.failed']);
    /** Of `session.ended`; missing if the only segment was counted after the end. */
    const delayed = 'stability';
    let received: readonly ServerMessage[];
    beforeAll(async () => {
      received = await converse();
    });

    it.each([...fromServer.keys()].filter((type) => !exceptional.has(type)))('%s has these fields', (type) => {
      const fieldsOf = (message: object = {}): string[] => Object.keys(message).filter((field) => field !== delayed);
      const fields = received.filter((message) => message.type === type).map(fieldsOf);
      expect(fields).toContainEqual(fieldsOf(fromServer.get(type)));
    });
  });
});
