import type { ServerMessage } from '@parley/protocol';
import { call, type TestEdges } from '../http-api/edges-for-file.ts';
import { EventClient } from '../http-api/event-client.ts';
import { StreamClient } from '../http-api/stream-client.ts';

type Edge = 0 | 1;

const isJoined = ({ type }: ServerMessage): boolean => type === 'session.joined';

/** What the tests of rooms and join codes do with two edges. Sessions translate English into English, without a worker. */
export function roomClients({ urls }: Pick<TestEdges, 'urls'>) {
  const english = { sourceLanguage: 'en', targetLanguages: ['en'] };

  /** A speaker who has started a session. */
  async function startHost(edge: Edge, credential: string, options: object = {}) {
    const host = await StreamClient.open(urls[edge], `bearer.${credential}`);
    const started = await host.start({ ...english, ...options });
    return { host, started, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
  }

  /** A listener that has joined over a WebSocket, by nothing but its code. */
  async function joinBySocket(edge: Edge, joinCode: string): Promise<StreamClient> {
    const listener = await StreamClient.open(urls[edge], `join.${joinCode}`);
    listener.send({ type: 'session.join', joinCode, targetLanguages: ['en'] });
    await listener.waitForMessage(isJoined);
    return listener;
  }

  /** A listener that has joined by server-sent events. */
  async function joinByEvents(edge: Edge, joinCode: string): Promise<EventClient> {
    const listener = await EventClient.open(`${urls[edge]}/v1/listen/${joinCode}/events?lang=en`);
    await listener.waitForMessage(isJoined);
    return listener;
  }

  async function upgradeStatus(edge: Edge, joinCode: string): Promise<number> {
    try {
      const client = await StreamClient.open(urls[edge], `join.${joinCode}`);
      await client[Symbol.asyncDispose]();
      return 101;
    } catch (error) {
      return Number(/\d{3}/.exec(String(error))?.[0]);
    }
  }

  /** The status of each way to join, and that of the transcript. */
  async function statusesOf(edge: Edge, joinCode: string, sessionId: string) {
    const [listen, events, transcript] = [
      `/listen/${joinCode}`,
      `/listen/${joinCode}/events?lang=en`,
      `/sessions/${sessionId}/transcript.json?lang=en&joinCode=${joinCode}`,
    ].map((path) => `${urls[edge]}/v1${path}`) as [string, string, string];
    await using stream = await EventClient.open(events);
    return {
      upgrade: await upgradeStatus(edge, joinCode),
      listen: (await call(listen)).status,
      events: stream.response.status,
      transcript: (await call(transcript)).status,
    };
  }

  return { startHost, joinBySocket, joinByEvents, statusesOf };
}

export async function say(host: StreamClient, segmentId: number, text: string): Promise<void> {
  host.send({ type: 'transcript.final', segmentId, text });
  await host.waitForMessage((message) => message.type === 'transcript.accepted' && message.segmentId === segmentId);
}

export async function end(host: StreamClient): Promise<void> {
  host.send({ type: 'session.end' });
  await host.waitForMessage(({ type }) => type === 'session.ended');
  await host.closed;
}

/** Changes the join code; resolves with the code by which listeners can join now. */
export async function updateJoinCode(
  host: StreamClient,
  joinCode: 'change' | 'close' | 'open',
): Promise<string | undefined> {
  const known = new Set(host.messages);
  host.send({ type: 'session.update', joinCode });
  const reply = await host.waitForMessage((message) => !known.has(message) && message.type === 'session.updated');
  return reply.type === 'session.updated' ? reply.joinCode : undefined;
}
