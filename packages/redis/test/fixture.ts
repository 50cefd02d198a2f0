import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import assert from 'node:assert/strict';
import type { StabilityCounts } from '@parley/translation';
import type { Redis } from 'ioredis';
import type { TestRedis } from '../../../test/harness/redis.ts';
import type { PartialResult } from '../src/log/index.ts';
import type { PutPartial, PutResult, TranscriptMetadata } from '../src/segment/index.ts';
import type { SessionLifetimes, SessionSettings } from '../src/session/index.ts';
import { PendingStore, type OutstandingQuota } from '../src/pending/index.ts';
import { SegmentStore } from '../src/segment/index.ts';
import { SessionStore } from '../src/session/index.ts';

export const metadata: TranscriptMetadata = { v: 1, language: 'en', receivedAtMs: 1 };

/** A quota that is never reached. */
export const unlimited: OutstandingQuota = { maxBytes: 1e12, creditBytes: 1e12 };

/** Counts whose values all differ. */
export const stabilityCounts = {
  finalUnits: 40,
  erasedUnits: 8,
  erasedUnitsAtFinal: 2,
  coveredUnits: 30,
  concludedUnits: 25,
  contradictedUnits: 1,
  unitsBehind: 27,
  revisions: 18,
} satisfies StabilityCounts;

/** Opens a session, with all stores on one connection. */
export async function openSession(
  redis: Redis,
  changed: Partial<SessionSettings> = {},
  lifetimes: Partial<SessionLifetimes> = {},
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
    transcriptRetentionMs: 3_600_000,
    transcriptMaxBytes: 1_000_000,
    tenantTranscriptMaxBytes: 1e12,
    ...lifetimes,
  });
  const segments = new SegmentStore(redis);
  const pending = new PendingStore(redis);
  const { head, ownedSince } = await sessions.open({
    sessionId,
    connection,
    tenant: 't',
    settings,
    resumeTokenHash: 'first',
    joinCodeHash: 'j',
  });
  const putPartial = (partial: Pick<PutPartial, 'segmentId' | 'revision'> & Partial<PutPartial>): Promise<PutResult> =>
    segments.put({
      sessionId,
      connection,
      text: `text ${partial.revision}`,
      metadata,
      targets: ['es'],
      copies: [],
      listenerTargets: [],
      maxOpenSegments: 32,
      maxOpenBytes: 1e9,
      ...partial,
    });
  /** Takes a segment with the given job; each call is another taking unless one is given. */
  const take = async (segmentId: number, job: string, taking: string = randomUUID()) => {
    const taken = await segments.take({ sessionId, segmentId }, job, taking);
    if (taken === undefined) throw new Error('the segment was not taken');
    const lease = { segmentId, fence: taken.fence, knownRevision: taken.work.revision };
    return { ...taken, lease };
  };

  return {
    sessionId,
    settings,
    sessions,
    segments,
    pending,
    head,
    ownedSince,
    putPartial,
    take,
    segmentKey: (segmentId: number) => `{s:${sessionId}}:segment:${segmentId}`,
    segmentTarget: (segmentId: number, target = 'es') => ({ sessionId, segmentId, target }),
    put: (segmentId: number, revision: number, text = `text ${revision}`, targets = ['es']) =>
      putPartial({ segmentId, revision, text, targets }),
    /** Puts a partial and takes its segment. */
    hold: async (segmentId: number, revision: number, text = `text ${revision}`, targets = ['es']) =>
      take(segmentId, jobOf(await putPartial({ segmentId, revision, text, targets }))),
    commit: (
      { segmentId, fence, knownRevision }: { segmentId: number; fence: string; knownRevision: number },
      shown: { revision?: number; target?: string; text?: string } = {},
    ) => {
      const { revision = knownRevision, target = 'es' } = shown;
      const body = translatedPartial(segmentId, target, shown.text ?? `${target} ${revision}`);
      return segments.commit({ sessionId, segmentId, target }, { fence, knownRevision }, revision, body);
    },
    settle: (
      segmentId: number,
      text = `final ${segmentId}`,
      targets: readonly string[] = ['es'],
      quota: OutstandingQuota = unlimited,
    ) =>
      pending.settle(
        {
          sessionId,
          connection,
          segmentId,
          text,
          metadata,
          targets,
          listenerTargets: [],
          listenersOnly: [],
          copies: [],
        },
        quota,
      ),
    resolve: (segmentId: number, target = 'es', text = `${target} ${segmentId}`) =>
      pending.resolve(
        { sessionId, segmentId, target },
        {
          ...metadata,
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

export type TestSession = Awaited<ReturnType<typeof openSession>>;

/** A partial's translation. */
export function translatedPartial(segmentId: number, targetLanguage: string, text: string): PartialResult {
  return { ...metadata, type: 'partial', segmentId, targetLanguage, text, queueMs: 0, engineMs: 0 };
}

/** A connection that sends each script twice, as after a lost reply, and checks that both replies are equal. */
export function resending(redis: Redis, isSentTwice: () => boolean = () => true): Redis {
  type Command = (...args: unknown[]) => Promise<unknown>;
  const commands = redis as unknown as Record<string, Command>;
  const doubled: Record<string, unknown> = {
    defineCommand: (name: string, definition: { lua: string }) => {
      redis.defineCommand(name, definition);
      doubled[name] = async (...args: unknown[]) => {
        const first = await commands[name]?.apply(redis, args);
        if (!isSentTwice()) return first;
        const second = await commands[name]?.apply(redis, args);
        assert.deepEqual([name, second], [name, first]);
        return second;
      };
    },
  };
  // Other commands are sent once.
  return new Proxy(redis, { get: (_, name) => doubled[String(name)] ?? commands[String(name)]?.bind(redis) });
}

/** Subscribes to a sharded channel; `all` returns every message published before the call. */
export async function listenTo(server: TestRedis, channel: string): Promise<{ all(): Promise<string[]> }> {
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

/** Subscribes to the channel of a session. */
export const listen = (server: TestRedis, sessionId: string) => listenTo(server, `{s:${sessionId}}`);

/** Subscribes to the work channel of a session; messages are parsed. */
export async function listenToWork(server: TestRedis, sessionId: string): Promise<{ all(): Promise<object[]> }> {
  const subscription = await listenTo(server, `{s:${sessionId}}:work`);
  return { all: async () => (await subscription.all()).map((message) => JSON.parse(message) as object) };
}

/** The job number in the result of a put, or ''. */
export function jobOf(result: PutResult): string {
  if (result.status !== 'put') throw new Error(`the put was rejected: ${result.status}`);
  return result.job?.number ?? '';
}
