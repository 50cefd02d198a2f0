import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  partialOf,
  partialsIn,
  resultOf,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';

const english = { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' as const };
const overloaded = { type: 'session.degraded', reason: 'overloaded' };
const recovered = { type: 'session.recovered', reason: 'overloaded' };

/** What a client heard of how its session is doing. */
const health = ({ messages }: Pick<LiveSpeaker, 'messages'>) =>
  messages.filter(({ type }) => type === 'session.degraded' || type === 'session.recovered');

const startSpeakers = (stack: TestStack, count: number): Promise<LiveSpeaker[]> =>
  Promise.all(Array.from({ length: count }, () => startLiveSpeaker(stack, english)));

/** All speak until they are told to stop: words of one segment, or a sentence at a time. */
async function talk(speakers: readonly LiveSpeaker[], of: 'partials' | 'finals', signal: AbortSignal): Promise<void> {
  await Promise.all(
    speakers.map(async ({ session }, speaker) => {
      const accepted: Promise<void>[] = [];
      for (let number = 0; !signal.aborted; number++) {
        const text = `speaker ${speaker} says ${number}`;
        if (of === 'partials') session.sendPartial({ segmentId: 0, revision: number, text });
        else accepted.push(session.sendFinal({ segmentId: number, text }));
        await delay(of === 'partials' ? 200 : 2500);
      }
      await Promise.all(accepted);
    }),
  );
}

describe('sessions that speak more than their workers can take', () => {
  // Two places and calls of 400 ms are five calls a second.
  const env = { ENGINE_LATENCY: '400/410,1/2', PARTIAL_CONCURRENCY: '2', FINAL_CONCURRENCY: '2', PARTIAL_HOLD_MS: '0' };

  it('hear so of their partials, once for as long as it lasts, and when it is over', async () => {
    await using stack = await startStack({ env });
    const speakers = await startSpeakers(stack, 12);
    const stop = new AbortController();
    const talks = talk(speakers, 'partials', stop.signal);
    await Promise.all(speakers.map(({ whenHeard }) => whenHeard(({ type }) => type === 'session.degraded')));
    const [first] = speakers;
    expect(first?.session.degraded).toEqual(['overloaded']);
    const { joinCode } = first?.session.started ?? { joinCode: '' };
    await using late = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await late.whenHeard(({ type }) => type === 'session.degraded');
    // Seven seconds more are shown: longer than the other reasons hold when nothing more is heard of them.
    const shown = Math.max(...partialsIn(first?.messages ?? []).map(({ revision }) => revision));
    await first?.whenHeard((message) => message.type === 'translation.partial' && message.revision >= shown + 35);
    stop.abort();
    await talks;
    const toldLate = late.whenHeard(({ type }) => type === 'session.recovered', 40_000);
    await Promise.all(speakers.map(({ whenHeard }) => whenHeard(({ type }) => type === 'session.recovered', 40_000)));
    await toldLate;
    expect(first?.session.degraded).toEqual([]);
    for (const client of [...speakers, late]) expect(health(client)).toEqual([overloaded, recovered]);
    for (const speaker of speakers) expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('hear so of their finals, while one that speaks partials alone hears nothing of it', async () => {
    await using stack = await startStack({ env });
    const speakers = await startSpeakers(stack, 20);
    await using bystander = await startLiveSpeaker(stack, english);
    const stop = new AbortController();
    const talks = talk(speakers, 'finals', stop.signal);
    const quiet = talk([bystander], 'partials', stop.signal);
    await Promise.all(speakers.map(({ whenHeard }) => whenHeard(({ type }) => type === 'session.degraded', 40_000)));
    stop.abort();
    await Promise.all([talks, quiet]);
    for (const speaker of speakers) expect(health(speaker)[0]).toEqual(overloaded);
    expect(health(bystander)).toEqual([]);
    for (const speaker of speakers) expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(await bystander.end()).toMatchObject({ violations: [] });
  });
});

describe('a slow engine', () => {
  it('is no lack of workers: neither to who speaks, nor to who sends many finals at once', async () => {
    await using stack = await startStack({
      env: { ENGINE_LATENCY: '1500/1510,1/2', FINAL_CONCURRENCY: '4', PARTIAL_HOLD_MS: '0' },
    });
    await using speaker = await startLiveSpeaker(stack, english);
    await using sender = await startLiveSpeaker(stack, english);
    const stop = new AbortController();
    const talks = talk([speaker], 'partials', stop.signal);
    const finals = 24;
    const accepted = Array.from({ length: finals }, (_, segmentId) =>
      sender.session.sendFinal({ segmentId, text: `sentence ${segmentId}` }),
    );
    await Promise.all(accepted);
    await sender.whenHeard(resultOf(finals - 1), 40_000);
    stop.abort();
    await talks;
    expect([...health(speaker), ...health(sender)]).toEqual([]);
    expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(await sender.end()).toMatchObject({ violations: [], counts: { finalsTranslated: finals } });
  });
});

describe('workers that are all away', () => {
  it('are missed by every session, also by one that says nothing and by sockets that come, until one is back', async () => {
    await using stack = await startStack({ env: { PARTIAL_HOLD_MS: '0' } });
    await using speaker = await startLiveSpeaker(stack, english);
    await using silent = await startLiveSpeaker(stack, english);
    await stack.kill('workers', 0);
    await speaker.session.sendFinal({ segmentId: 1, text: 'and nobody comes' });
    for (const { whenHeard } of [speaker, silent]) await whenHeard(({ type }) => type === 'session.degraded');
    const { joinCode } = silent.session.started;
    await using late = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await late.whenHeard(({ type }) => type === 'session.degraded');
    await stack.restart('workers', 0);
    await speaker.whenHeard(resultOf(1));
    speaker.session.sendPartial({ segmentId: 2, revision: 0, text: 'and on it goes' });
    await speaker.whenHeard(partialOf(2));
    for (const { whenHeard } of [speaker, silent, late]) {
      await whenHeard(({ type }) => type === 'session.recovered', 40_000);
    }
    for (const client of [speaker, silent, late]) expect(health(client)).toEqual([overloaded, recovered]);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
  });
});
