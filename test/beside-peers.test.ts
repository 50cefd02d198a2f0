import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sourceOfMarked } from '@parley/checker';
import type { StartOptions } from '@parley/client';
import { watchRedis } from './bench/beside/redis-commands.ts';
import { startPeer, type PeerName } from './bench/beside/start-peer.ts';
import type { RunningPipeline } from './bench/pipeline/running-pipeline.ts';
import { engineAt, startRedis, type EngineControl } from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

const revisions = ['one', 'one two', 'one two three', 'one two three four'];
const servers: Partial<Record<PeerName, RunningPipeline>> = {};

beforeAll(async () => {
  const start = (name: PeerName) => startPeer(name, AbortSignal.timeout(60_000), { ENGINE_LATENCY: 'none' });
  servers.naive = await start('naive');
  servers.careful = await start('careful');
});

afterAll(async () => {
  await servers.naive?.[Symbol.asyncDispose]();
  await servers.careful?.[Symbol.asyncDispose]();
});

/** A speaker into Spanish at one of them, and its engine, at which replies can be held back. */
async function openSession(name: PeerName): Promise<{ speaker: Speaker; engine: EngineControl } & AsyncDisposable> {
  const { streamUrl = '', processes = [] } = servers[name] ?? {};
  const engine = engineAt(processes.find((entry) => entry.name === 'engine')?.url ?? '');
  await engine.reset();
  const options: StartOptions = { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off', ordered: true };
  const speaker = await startSpeaker(streamUrl, options, { sourceOf: sourceOfMarked, exactPartials: true });
  return { speaker, engine, [Symbol.asyncDispose]: () => speaker[Symbol.asyncDispose]() };
}

function sayAll({ session }: Speaker, texts: readonly string[]): void {
  for (const [revision, text] of texts.entries()) session.sendPartial({ segmentId: 1, revision, text });
}

/** Lets the reply to a text go that is held. */
async function release(engine: EngineControl, text: string): Promise<void> {
  const held = await engine.held(1);
  await engine.release({ ids: held.filter((reply) => reply.text === text).map(({ id }) => id) });
}

const isShown = (revision: number) => (message: Speaker['messages'][number]) =>
  message.type === 'translation.partial' && message.revision === revision;

describe.each(['naive', 'careful'] as const)('the %s server', (name) => {
  it('translates partials and finals, and ends a session that breaks no promise', async () => {
    await using opened = await openSession(name);
    const { speaker } = opened;
    for (const [revision, text] of revisions.entries()) {
      speaker.session.sendPartial({ segmentId: 1, revision, text });
      await speaker.waitForMessage(isShown(revision));
    }
    await speaker.session.sendFinal({ segmentId: 1, text: 'One, two, three, four.' });
    const { violations, counts, latency } = await speaker.end();
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ partialsShown: 4, finalsTranslated: 1, finalsFailed: 0 });
    expect(counts.errors).toEqual(new Map());
    expect(latency.finalAddedMs[0]).toBeGreaterThan(0);
  });

  it('tells of a final that the engine refuses', async () => {
    await using opened = await openSession(name);
    await opened.engine.fail({ status: 400 });
    await opened.speaker.session.sendFinal({ segmentId: 1, text: 'One.' });
    const { violations, counts } = await opened.speaker.end();
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ finalsTranslated: 0, finalsFailed: 1 });
  });
});

describe('the naive server', () => {
  it('makes a call of every revision, and shows what comes as it comes', async () => {
    await using opened = await openSession('naive');
    const { speaker, engine } = opened;
    await engine.hold(true);
    sayAll(speaker, revisions);
    expect(await engine.held(4)).toHaveLength(4);
    await release(engine, 'one two');
    await speaker.waitForMessage(isShown(1));
    await release(engine, 'one');
    await speaker.waitForMessage(isShown(0));
    const { violations } = await speaker.end();
    expect(violations).toEqual([expect.objectContaining({ code: 'revision-decreased', revision: 0 })]);
  });
});

describe('the careful server', () => {
  it('has two calls under way, then takes the newest revision, and shows none older than what is shown', async () => {
    await using opened = await openSession('careful');
    const { speaker, engine } = opened;
    await engine.hold(true);
    sayAll(speaker, revisions);
    await engine.held(2);
    await release(engine, 'one two');
    await speaker.waitForMessage(isShown(1));
    expect((await engine.held(2)).map(({ text }) => text).sort()).toEqual(['one', 'one two three four']);
    await release(engine, 'one');
    await release(engine, 'one two three four');
    await speaker.waitForMessage(isShown(3));
    const { violations, counts } = await speaker.end();
    expect(violations).toEqual([]);
    expect(counts.partialsShown).toBe(2);
    expect((await engine.stats()).requests).toBe(3);
  });

  it('shows nothing after a final, and finals in the order of speaking', async () => {
    await using opened = await openSession('careful');
    const { speaker, engine } = opened;
    await engine.hold(true);
    sayAll(speaker, revisions.slice(0, 1));
    await speaker.session.sendFinal({ segmentId: 1, text: 'One.' });
    await speaker.session.sendFinal({ segmentId: 2, text: 'Two.' });
    await engine.held(3);
    await release(engine, 'Two.');
    await release(engine, 'One.');
    await release(engine, 'one');
    const { violations, counts } = await speaker.end();
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ partialsShown: 0, finalsTranslated: 2 });
  });
});

it('tells calls of Redis from the commands that scripts make', async () => {
  await using redis = await startRedis();
  const connection = redis.connect();
  await connection.ping();
  using counted = await watchRedis([redis.url], AbortSignal.timeout(10_000));
  await connection.eval("for at = 1, 3 do redis.call('INCR', 'count') end", 0);
  await connection.get('count');
  while (counted.commands < 5) await new Promise(setImmediate);
  expect(counted).toMatchObject({ calls: 2, commands: 5 });
});
