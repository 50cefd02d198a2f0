import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import type { TestRedis } from '../../../test/harness/redis.ts';
import type { SessionSettings, Spoken } from '../src/index.ts';
import { PendingStore, SessionStore, SlotStore } from '../src/index.ts';

export const spoken: Spoken = { v: 1, language: 'en', receivedAtMs: 1 };

/** All stores on one connection, and a session to try them on. */
export async function openSession(
  redis: Redis,
  changed: Partial<SessionSettings> = {},
  inFlight = 2,
  { keepShown = false } = {},
) {
  const sessionId = randomUUID();
  const connection = 'owner';
  const settings: SessionSettings = {
    v: 1,
    sourceLanguage: 'en',
    targetLanguages: ['es'],
    glossary: [],
    useHistory: false,
    formality: 'default',
    stability: 'off',
    ordered: false,
    class: 'live',
    ...changed,
  };
  const sessions = new SessionStore(redis, {
    logMaxBytes: 1_000_000,
    logMaxAgeMs: 3_600_000,
    endedTtlMs: 60_000,
    graceMs: 60_000,
  });
  const slots = new SlotStore(redis, { inFlight: () => inFlight, keepShown });
  const pending = new PendingStore(redis);
  const { head, ownedSince } = await sessions.open({
    sessionId,
    connection,
    tenant: 't',
    settings,
    resumeTokenHash: 'first',
    joinCodeHash: 'j',
  });

  return {
    sessionId,
    settings,
    sessions,
    slots,
    pending,
    head,
    ownedSince,
    slot: (segmentId: number, target = 'es') => ({ sessionId, segmentId, target }),
    put: (segmentId: number, revision: number, text = `text ${revision}`, targets = ['es'], maxOpenSegments = 32) =>
      slots.put({
        sessionId,
        connection,
        segmentId,
        revision,
        text,
        spoken,
        targets,
        maxOpenSegments,
        listenerTargets: [],
      }),
    settle: (segmentId: number, text = `final ${segmentId}`, targets: readonly string[] = ['es']) =>
      pending.settle({
        sessionId,
        connection,
        segmentId,
        text,
        spoken,
        targets,
        listenerTargets: [],
        listenersOnly: [],
        copies: [],
      }),
    resolve: (segmentId: number, target = 'es', text = `${target} ${segmentId}`) =>
      pending.resolve(
        { sessionId, segmentId, target },
        {
          ...spoken,
          type: 'translation',
          segmentId,
          targetLanguage: target,
          text,
          cached: false,
          queueMs: 0,
          engineMs: 0,
        },
      ),
  };
}

/** Hears a session's channel on a connection of its own; `all` gives every message that was published before it. */
export async function listen(server: TestRedis, sessionId: string): Promise<{ all(): Promise<string[]> }> {
  const channel = `{s:${sessionId}}`;
  const messages: string[] = [];
  const subscriber = server.connect();
  const publisher = server.connect();
  subscriber.on('smessage', (_channel: string, message: string) => messages.push(message));
  await subscriber.ssubscribe(channel);
  return {
    async all() {
      await publisher.spublish(channel, 'end');
      while (messages.at(-1) !== 'end') await once(subscriber, 'smessage');
      messages.pop();
      return messages;
    },
  };
}

/** The one ticket that a put gave, or ''. */
export function ticketOf(result: Awaited<ReturnType<SlotStore['put']>>): string {
  if (result.status !== 'put') throw new Error(`the put was refused: ${result.status}`);
  return result.tickets[0]?.number ?? '';
}
