import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import type { ServerMessage } from '@parley/protocol';
import { secretHash } from '@parley/redis/access';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  resultsIn,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type EngineControl,
  type LiveListener,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';

const apiKey = 'a-key-of-this-test-alone';
const judge = { sourceOf: sourceOfMarked };
const cleanReport = { violations: [], counts: { finalsFailed: 0 } };

const isEnded = ({ type }: ServerMessage): boolean => type === 'session.ended';
const segmentsOf = ({ messages }: Pick<LiveListener, 'messages'>): number[] =>
  resultsIn(messages).map(({ segmentId }) => segmentId);

describe('listeners', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({
      edges: 3,
      workers: 2,
      env: { API_KEYS: `tenant:${apiKey}`, MAX_TEXT_CHARS: '200000', SINGLEFLIGHT: 'off' },
    });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  type Options = Omit<Parameters<typeof startLiveSpeaker>[1], 'sourceLanguage' | 'apiKey'>;
  const startHost = (options: Options): Promise<LiveSpeaker> =>
    startLiveSpeaker([stack.streamUrl(0)], { sourceLanguage: 'en', apiKey, ...options }, judge);

  const join = (host: LiveSpeaker, edge: number, ...targetLanguages: string[]): Promise<LiveListener> =>
    startLiveListener([stack.streamUrl(edge)], { joinCode: host.session.started.joinCode, targetLanguages }, judge);

  /** Sends one final and waits for its Spanish translation, which every host here requests. */
  async function say(host: LiveSpeaker, segmentId: number): Promise<void> {
    await host.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    await host.waitForMessage(resultOf(segmentId, 'es'));
  }

  async function callsInto(target: string): Promise<number> {
    return (await engine.stats()).byTarget[target]?.completed ?? 0;
  }

  /** Resolves when no listener language is left, and the host's edge knows it. */
  async function nobodyWantsMore(host: LiveSpeaker, segmentId: number): Promise<void> {
    const redis = stack.redis.connect();
    const session = `{s:${host.session.started.sessionId}}:session`;
    // Sooner than the expiry of a lease, which takes 30 s.
    const deadline = performance.now() + 8000;
    while ((await redis.hget(session, 'listenerTargets')) !== '' && performance.now() < deadline) await delay(20);
    expect(await redis.hget(session, 'listenerTargets')).toBe('');
    // This result follows the update on the same channel.
    await say(host, segmentId);
  }

  it('that join late on another edge get the newest finals of their language, or as many as they request', async () => {
    await using host = await startHost({ targetLanguages: ['es', 'ca'], ordered: true });
    for (let segmentId = 1; segmentId <= 12; segmentId++) await say(host, segmentId);
    await using late = await join(host, 1, 'es');
    await using anew = await startLiveListener(
      [stack.streamUrl(2)],
      { joinCode: host.session.started.joinCode, targetLanguages: ['ca'], offset: 0 },
      judge,
    );
    await say(host, 13);
    expect(await host.end()).toMatchObject(cleanReport);
    await Promise.all([late.waitForMessage(isEnded), anew.waitForMessage(isEnded)]);
    for (const listener of [late, anew]) expect(listener.judge(host)).toEqual([]);
    expect(segmentsOf(late)).toEqual([8, 9, 10, 11, 12, 13]);
    expect(segmentsOf(anew)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it.each([
    ['named', ['fr']],
    ['counted', 1],
  ])(
    'I22: are translated to in a further language, where such are %s, as long as one of them wants it',
    async (_how, listenerLanguages) => {
      await using host = await startHost({ targetLanguages: ['es'], listenerLanguages });
      await say(host, 1);
      expect(await callsInto('fr')).toBe(0);
      await using first = await join(host, 1, 'fr');
      await say(host, 2);
      await first.waitForMessage(resultOf(2, 'fr'));
      await using second = await join(host, 2, 'fr', 'es');
      await expect(join(host, 1, 'de')).rejects.toMatchObject({
        code: 'language-not-offered',
        param: 'targetLanguages',
      });
      await first.listening.close();
      await say(host, 3);
      await second.waitForMessage(resultOf(3, 'fr'));
      await second.listening.close();
      await nobodyWantsMore(host, 4);
      await engine.reset();
      await say(host, 5);
      expect(await host.end()).toMatchObject(cleanReport);
      expect(segmentsOf(first)).toEqual([2]);
      expect(await engine.stats()).toMatchObject({ requests: 1, byTarget: { es: { completed: 1 } } });
      expect(await callsInto('de')).toBe(0);
      for (const listener of [first, second]) expect(listener.judge(host)).toEqual([]);
    },
  );

  it("I22: get translations at once, even if the host's edge does not know them yet", async () => {
    await using host = await startHost({ targetLanguages: ['es'], listenerLanguages: ['fr'], stability: 'off' });
    await using listener = await join(host, 1, 'fr', 'en');
    const { sessionId } = host.session.started;
    const redis = stack.redis.connect();
    const channel = `{s:${sessionId}}`;
    /** Sends an outdated notice to the host's edge. */
    const mislead = async (targets: string, reason: string): Promise<void> => {
      await redis.spublish(channel, `w ${targets}`);
      await redis.spublish(channel, `d ${reason}`);
      await host.waitForMessage((message) => message.type === 'session.degraded' && message.reason === reason);
    };
    await mislead('', 'rate-limited');
    await say(host, 1);
    await mislead('', 'overloaded');
    host.session.sendPartial({ segmentId: 2, revision: 0, text: 'the beginning of a sentence' });
    await listener.waitForMessage(({ type }) => type === 'transcript.partial');
    await listener.waitForMessage(partialOf(2, { targetLanguage: 'fr' }));
    await say(host, 2);
    expect(await host.end()).toMatchObject(cleanReport);
    await listener.waitForMessage(isEnded);
    expect(segmentsOf(listener)).toEqual([1, 2]);
    expect(listener.judge(host)).toEqual([]);
  });

  it('beyond the number that the host allows get only the languages that were requested first', async () => {
    await using host = await startHost({ targetLanguages: ['es'], listenerLanguages: 1 });
    await using french = await join(host, 1, 'fr');
    await expect(join(host, 2, 'de')).rejects.toMatchObject({ code: 'language-not-offered' });
    await french.listening.close();
    await nobodyWantsMore(host, 1);
    await using german = await join(host, 2, 'de');
    await say(host, 2);
    await german.waitForMessage(resultOf(2, 'de'));
    expect(await host.end()).toMatchObject(cleanReport);
  });

  it('I25: share one translation for each final and language', async () => {
    await using host = await startHost({ targetLanguages: ['es'], listenerLanguages: ['fr'] });
    await using listeners = new AsyncDisposableStack();
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        listeners.use(await join(host, 1 + (index % 2), 'fr', ...(index % 3 === 0 ? ['es', 'en'] : []))),
      ),
    );
    for (let segmentId = 1; segmentId <= 5; segmentId++) await say(host, segmentId);
    expect(await host.end()).toMatchObject(cleanReport);
    await Promise.all(all.map(({ waitForMessage }) => waitForMessage(isEnded)));
    for (const listener of all) {
      expect(listener.judge(host)).toEqual([]);
      const french = resultsIn(listener.messages).filter(({ targetLanguage }) => targetLanguage === 'fr');
      expect(french.map(({ segmentId }) => segmentId).sort()).toEqual([1, 2, 3, 4, 5]);
    }
    expect(await engine.stats()).toMatchObject({
      requests: 10,
      byTarget: { es: { completed: 5 }, fr: { completed: 5 } },
    });
  });

  it('I3, I5: miss nothing while others stall or reconnect; a stalled one loses only partials', async () => {
    await using host = await startHost({ targetLanguages: ['es'] });
    const languages = ['en', 'es'];
    await using steady = await join(host, 1, ...languages);
    await using restless = await join(host, 1, ...languages);
    await using stalled = await join(host, 1, ...languages);
    // Partials of Spanish segments need no engine; together they exceed the buffers of an edge and two sockets.
    const filling = 'x'.repeat(100_000);
    const partialsEach = 14;
    const segments = 20;
    stalled.socket.stall();
    for (let segmentId = 0; segmentId < segments; segmentId++) {
      const language = segmentId % 2 === 0 ? 'es' : 'en';
      if (language === 'es') {
        for (let revision = 0; revision < partialsEach; revision++) {
          host.session.sendPartial({ segmentId, revision, language, text: `${filling} ${revision}` });
        }
      }
      await host.session.sendFinal({ segmentId, language, text: `sentence ${segmentId}` });
      await steady.waitForMessage(resultOf(segmentId, 'es'));
      if (segmentId % 3 === 0) restless.socket.cut();
    }
    stalled.socket.unstall();
    expect(await host.end()).toMatchObject(cleanReport);
    const all = [steady, restless, stalled];
    await Promise.all(all.map(({ waitForMessage }) => waitForMessage(isEnded, 60_000)));
    for (const listener of all) {
      expect(listener.judge(host)).toEqual([]);
      expect(new Set(segmentsOf(listener)).size).toBe(segments);
    }
    expect(restless.socket.connections).toBeGreaterThan(5);
    const shown = (listener: LiveListener): number => partialsIn(listener.messages).length;
    expect(shown(stalled)).toBeLessThan(shown(steady));
  });

  it('I3: that disconnect before the end of a session and return after it get the rest', async () => {
    await using host = await startHost({ targetLanguages: ['es'] });
    const { sessionId, joinCode } = host.session.started;
    await using before = await join(host, 1, 'es');
    await say(host, 1);
    await before.waitForMessage(resultOf(1));
    await before.listening.close();
    await say(host, 2);
    expect(await host.end()).toMatchObject(cleanReport);
    // The sweeper has inspected the session before the listener returns.
    const redis = stack.redis.connect();
    await redis.zadd('deadlines:0', Date.now() * 1000, sessionId);
    while ((await redis.pttl(`join:${secretHash(joinCode)}`)) > 60_000) await delay(20);
    const offset = resultsIn(before.messages).at(-1)?.offset ?? 0;
    const options = { joinCode, targetLanguages: ['es'], offset };
    await using after = await startLiveListener([stack.streamUrl(2)], options, judge);
    await after.waitForMessage(isEnded);
    for (const listener of [before, after]) expect(listener.judge(host)).toEqual([]);
    expect([segmentsOf(before), segmentsOf(after)]).toEqual([[1], [2]]);
  });

  it('I22: miss no final in a language of their own while they are cut off for seconds', async () => {
    await using host = await startHost({ targetLanguages: ['es'], listenerLanguages: ['fr'] });
    const cutOff = await join(host, 0, 'fr');
    await say(host, 1);
    const heard = await cutOff.waitForMessage(resultOf(1, 'fr'));
    cutOff.socket.cut();
    await cutOff.listening.close();
    // The edge of both renews its leases once without this language.
    const redis = stack.redis.connect();
    const leaseEnd = () => redis.hget(`{s:${host.session.started.sessionId}}:session`, 'leaseUntil');
    const before = await leaseEnd();
    while ((await leaseEnd()) === before) await delay(20);
    await say(host, 2);
    const { joinCode } = host.session.started;
    const offset = 'offset' in heard ? heard.offset : 0;
    await using back = await startLiveListener(
      [stack.streamUrl(1)],
      { joinCode, targetLanguages: ['fr'], offset },
      judge,
    );
    await back.waitForMessage(resultOf(2, 'fr'));
    expect(segmentsOf(back)).toEqual([2]);
    await back.listening.close();
    expect(await host.end()).toMatchObject(cleanReport);
  });

  it('of a killed edge no longer count when their lease has expired', async () => {
    await using host = await startHost({ targetLanguages: ['es'], listenerLanguages: ['fr'] });
    const only = await join(host, 2, 'fr');
    await say(host, 1);
    await only.waitForMessage(resultOf(1, 'fr'));
    stack.edges[2]?.child.kill();
    await only.listening.close();
    const { sessionId } = host.session.started;
    const redis = stack.redis.connect();
    // The languages stay registered for the rest of the 30 s lease, which is shortened here.
    const wanted = await redis.hgetall(`{s:${sessionId}}:wanted`);
    const [field, ...others] = Object.keys(wanted);
    expect([field?.endsWith(' fr'), others]).toEqual([true, []]);
    await say(host, 2);
    while ((await callsInto('fr')) < 2) await delay(20);
    await redis.hset(`{s:${sessionId}}:wanted`, field ?? '', Date.now());
    await redis.zadd('deadlines:0', Date.now() * 1000, sessionId);
    await nobodyWantsMore(host, 3);
    await engine.reset();
    await say(host, 4);
    expect(await host.end()).toMatchObject(cleanReport);
    expect(await engine.stats()).toMatchObject({ requests: 1, byTarget: { es: { completed: 1 } } });
  });
});
