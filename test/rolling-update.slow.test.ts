import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { describe, expect, it } from '@jest/globals';
import { startLiveListener, startLiveSpeaker, startProcess, startStack, type LiveSpeaker } from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';
import { extractPreviousVersion, findPreviousProblem, previousRef } from './rolling-update/previous-version.ts';

const problem = findPreviousProblem();
const describeUpdate = problem === undefined ? describe : describe.skip;
if (problem !== undefined) console.warn(`the rolling update is not tested: ${problem}`);

const languages = ['es', 'ca'];
const maxFinals = 2000;

/** Speaks until the signal aborts, and returns the number of accepted finals. */
async function talk({ session }: LiveSpeaker, name: string, random: () => number, stop: AbortSignal): Promise<number> {
  let segmentId = 0;
  for (; !stop.aborted && segmentId < maxFinals; segmentId++) {
    for (let revision = 0; revision < 2; revision++) {
      session.sendPartial({ segmentId, revision, text: `${name} says ${segmentId} in ${revision}` });
      await delay(random() * 60);
    }
    await session.sendFinal({ segmentId, text: `${name} has said ${segmentId}` });
  }
  return segmentId;
}

/** Resolves when the speaker has got a translation of a final that it had not begun yet. */
async function hearNews(speaker: LiveSpeaker): Promise<void> {
  const ids = speaker.messages.flatMap((message) => (message.type === 'translation.final' ? message.segmentId : []));
  const newest = Math.max(0, ...ids);
  await speaker.waitForMessage((message) => message.type === 'translation.final' && message.segmentId > newest + 2);
}

describeUpdate(`a rolling update from ${previousRef}`, () => {
  it('I3: loses no final, repeats none and keeps their order', async () => {
    const random = seededRandom(testSeed('a rolling update'));
    await using previous = await extractPreviousVersion();
    await using stack = await startStack({ edges: 0, workers: 0, env: { ENGINE_LATENCY: '40/100,1/2' } });
    await using processes = new AsyncDisposableStack();
    // Traces add a field to what is stored; nobody takes them.
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    const pipeline = {
      REDIS_URL: stack.redis.url,
      ...stack.engineAccess,
      WORKER_THREADS: '1',
      CACHE: 'off',
      ...traced,
    };
    const start = async (name: 'edge' | 'worker', version: { program?: string }, port = '0') =>
      processes.use(await startProcess({ name, env: { ...pipeline, PORT: port }, ...version }));
    const oldWorkers = [await start('worker', previous), await start('worker', previous)];
    const oldEdges = [await start('edge', previous), await start('edge', previous)];

    const [first = '', second = ''] = oldEdges.map(({ url }) => new URL('/v1/stream', url.replace(/^http/, 'ws')).href);
    const updated = new AbortController();
    await using clients = new AsyncDisposableStack();
    clients.defer(() => updated.abort());
    const speakers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        startLiveSpeaker(
          index % 2 === 0 ? [first, second] : [second, first],
          { sourceLanguage: 'en', targetLanguages: languages, ordered: index < 3, stability: 'off' },
          { sourceOf: sourceOfMarked, exactPartials: true },
        ),
      ),
    );
    const listeners = await Promise.all(
      speakers.map(({ session }, index) =>
        startLiveListener(index % 2 === 0 ? [second, first] : [first, second], {
          joinCode: session.started.joinCode,
          targetLanguages: ['es', 'en'],
        }),
      ),
    );
    for (const client of [...speakers, ...listeners]) clients.use(client);
    const talks = Promise.all(
      speakers.map((speaker, index) => talk(speaker, `speaker ${index}`, random, updated.signal)),
    );
    talks.catch(() => undefined); // Awaited below, unless something fails before.
    const hearAll = () => Promise.race([talks, Promise.all(speakers.map(hearNews))]);
    await hearAll();
    // Like Kubernetes with `maxUnavailable: 0`: a new worker is ready before an old one stops. Clients know edges by their address.
    for (const worker of oldWorkers) {
      await start('worker', {});
      expect(await worker.child.stop()).toMatchObject({ code: 0 });
      await hearAll();
    }
    for (const edge of oldEdges) {
      expect(await edge.child.stop()).toMatchObject({ code: 0 });
      await start('edge', {}, new URL(edge.url).port);
      await hearAll();
    }
    updated.abort();
    const finals = await talks;
    for (const [index, speaker] of speakers.entries()) {
      const finalsTranslated = (finals[index] ?? 0) * languages.length;
      expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated, finalsFailed: 0 } });
    }
    for (const [index, listener] of listeners.entries()) {
      const host = speakers[index];
      await listener.waitForMessage(({ type }) => type === 'session.ended');
      expect(host && listener.judge(host)).toEqual([]);
    }
  }, 300_000);
});
