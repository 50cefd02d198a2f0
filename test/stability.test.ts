import { setTimeout as delay } from 'node:timers/promises';
import type { ServerMessage, StabilitySetting } from '@parley/protocol';
import {
  emptyTally,
  stabilityMeasures,
  sumCounts,
  tallyFinal,
  tallyRevision,
  type StabilityCounts,
} from '@parley/translation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  partialOf,
  partialsIn,
  resultOf,
  resultsIn,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  workerMetric,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { readTrace, speak } from './harness/speaker.ts';

const settings: readonly StabilitySetting[] = ['off', 'balanced', 'high'];
const cleanReport = { violations: [], counts: { finalsFailed: 0 } };
const sentence = 'we would like to talk about the new school in the old town and the road to the river'.split(' ');

/** Sends the first words of the sentence, from one number of words to another, as a recognizer would. */
async function sayWords({ session }: LiveSpeaker, segmentId: number, from: number, to: number): Promise<void> {
  for (let words = from; words <= to; words++) {
    session.sendPartial({ segmentId, revision: words, text: sentence.slice(0, words).join(' ') });
    await delay(200);
  }
}

/** Counts, from the messages of a client alone, the segments that had partials. */
function countedBy(messages: readonly ServerMessage[]): StabilityCounts {
  const counts = resultsIn(messages).flatMap((final) => {
    if (final.type !== 'translation.final') throw new Error(`segment ${final.segmentId} was not translated`);
    const { segmentId, targetLanguage, text } = final;
    const partials = partialsIn(messages).filter(partialOf(segmentId, { targetLanguage }));
    if (partials.length === 0) return [];
    const tally = partials.reduce((before, { concluded, tentative }) => {
      const shown = concluded + tentative;
      return tallyRevision(before, { shown, concluded, newest: shown }, targetLanguage);
    }, emptyTally);
    return [tallyFinal(tally, text, targetLanguage)];
  });
  return sumCounts(counts);
}

const concludedIn = (messages: readonly ServerMessage[]): string[] =>
  partialsIn(messages).map(({ concluded }) => concluded);

const hasConcluded = (message: ServerMessage): boolean =>
  message.type === 'translation.partial' && message.concluded !== '';

describe('stability', () => {
  let stack: TestStack;
  beforeAll(
    async () =>
      (stack = await startStack({
        workers: 2,
        translations: 'apertium',
        env: { WORKERS: 'process', ENGINE_LATENCY: '30/60,1/2' },
      })),
  );
  // The first call takes longer, since Apertium loads its dictionaries.
  beforeAll(async () => {
    await using speaker = await startHost('off');
    await speaker.session.sendFinal({ segmentId: 0, text: 'good morning' });
    await speaker.waitForMessage(resultOf(0));
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  const startHost = (stability: StabilitySetting): Promise<LiveSpeaker> =>
    startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'], stability });

  it('I39: holds for a recorded talk, whose captions each setting keeps as still as it promises', async () => {
    const trace = readTrace('lecture').filter(({ t }) => t < 13_000);
    const sessions = await Promise.all(
      settings.map(async (setting) => {
        await using speaker = await startHost(setting);
        await speak(speaker.session, trace, 1.2);
        expect(await speaker.end()).toMatchObject(cleanReport);
        return { setting, messages: speaker.messages, counted: countedBy(speaker.messages) };
      }),
    );
    for (const { setting, messages, counted } of sessions) {
      const own = stabilityMeasures(counted);
      const ended = messages.find(({ type }) => type === 'session.ended');
      const { stability = {} } = ended as Extract<ServerMessage, { type: 'session.ended' }>;
      for (const figure of ['normalizedErasure', 'finalErasure', 'coverage', 'contradicted'] as const) {
        const difference = Math.abs((stability[figure] ?? -1) - (own[figure] ?? -1));
        expect([setting, figure, difference < 0.002]).toEqual([setting, figure, true]);
      }
      const measured = `parley_worker_caption_erasure_ratio_count{stability="${setting}"}`;
      expect(await workerMetric(stack, measured)).toBeGreaterThan(0);
    }
    const [off, balanced, high] = sessions;
    expect(concludedIn(off?.messages ?? []).join('')).toBe('');
    expect(balanced?.counted.erasedUnits).toBeLessThan((off?.counted.erasedUnits ?? 0) / 2);
    expect(
      partialsIn(high?.messages ?? [])
        .map(({ tentative }) => tentative)
        .join(''),
    ).toBe('');
    expect(concludedIn(high?.messages ?? []).join('')).not.toBe('');
  });

  it.each(['balanced', 'high'] as const)(
    'I39: gives a late listener the same concluded text with %s',
    async (setting) => {
      await using host = await startHost(setting);
      await sayWords(host, 1, 1, 12);
      await host.waitForMessage(hasConcluded);
      const { joinCode } = host.session.started;
      await using late = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
      const first = await late.waitForMessage(partialOf(1));
      expect(first).toMatchObject({ concluded: expect.stringMatching(/./) });
      await sayWords(host, 1, 13, sentence.length);
      await host.session.sendFinal({ segmentId: 1, text: sentence.join(' ') });
      await late.waitForMessage(resultOf(1));
      expect(await host.end()).toMatchObject(cleanReport);
      await late.waitForMessage(({ type }) => type === 'session.ended');
      expect(late.judge(host)).toEqual([]);
      const hosts = new Set(concludedIn(host.messages));
      expect(concludedIn(late.messages).filter((concluded) => !hosts.has(concluded))).toEqual([]);
    },
  );

  it.each(['balanced', 'high'] as const)('I39: survives a killed worker and a lost socket with %s', async (setting) => {
    await using host = await startHost(setting);
    const { joinCode } = host.session.started;
    await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    const segments = [1, 2, 3, 4];
    await Promise.all(segments.map((segmentId) => sayWords(host, segmentId, 1, 13)));
    for (const segmentId of segments) {
      await host.waitForMessage((message) => partialOf(segmentId)(message) && hasConcluded(message));
    }
    const talking = segments.map((segmentId) => sayWords(host, segmentId, 14, sentence.length));
    await stack.kill('workers', 0);
    host.socket.cut();
    listener.socket.cut();
    await host.waitForMessage(({ type }) => type === 'session.resumed');
    await Promise.all(talking);
    await stack.restart('workers', 0);
    const revision = sentence.length;
    for (const segmentId of segments) await host.waitForMessage(partialOf(segmentId, { revision }));
    for (const segmentId of segments) await host.session.sendFinal({ segmentId, text: sentence.join(' ') });
    expect(await host.end()).toMatchObject(cleanReport);
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(listener.judge(host)).toEqual([]);
  });

  it.each([
    ['high', 'off'],
    ['off', 'high'],
  ] as const)('I39: changed from %s to %s keeps what is concluded of an open segment', async (before, after) => {
    await using host = await startHost(before);
    await sayWords(host, 1, 1, 8);
    await host.waitForMessage(partialOf(1));
    host.session.update({ stability: after });
    await sayWords(host, 1, 9, sentence.length);
    await host.session.sendFinal({ segmentId: 1, text: sentence.join(' ') });
    await sayWords(host, 2, 1, 10);
    await host.session.sendFinal({ segmentId: 2, text: sentence.slice(0, 10).join(' ') });
    expect(await host.end()).toMatchObject(cleanReport);
    const next = partialsIn(host.messages).filter(partialOf(2));
    expect(next.map(({ concluded, tentative }) => concluded + tentative).join('')).not.toBe('');
    // The setting is that of the next segment at the latest.
    const absent = after === 'off' ? 'concluded' : 'tentative';
    expect(next.map((partial) => partial[absent]).join('')).toBe('');
  });

  it('balanced shows a single word that is followed by a pause', async () => {
    await using host = await startHost('balanced');
    host.session.sendPartial({ segmentId: 1, revision: 0, text: 'water' });
    expect(await host.waitForMessage(partialOf(1), 3000)).toMatchObject({ tentative: 'Agua' });
    await host.session.sendFinal({ segmentId: 1, text: 'water' });
    expect(await host.end()).toMatchObject(cleanReport);
  });
});
