import { describe, expect, it } from '@jest/globals';
import { partialOf, partialsIn, resultOf, startLiveListener, startLiveSpeaker, startStack } from './harness/index.ts';
import { busy, english, health, overloaded, recovered, startSpeakers, talk } from './too-few-workers/speakers.ts';

describe('sessions that speak more than their workers can take', () => {
  it('are notified about their partials once, and again when it is over', async () => {
    await using stack = await startStack({ env: { ...busy, PARTIAL_CONCURRENCY: '2' } });
    const speakers = await startSpeakers(stack, 12);
    const stop = new AbortController();
    const talks = talk(speakers, 'partials', stop.signal);
    await Promise.all(speakers.map(({ waitForMessage }) => waitForMessage(({ type }) => type === 'session.degraded')));
    const [first] = speakers;
    expect(first?.session.degraded).toEqual(['overloaded']);
    const { joinCode } = first?.session.started ?? { joinCode: '' };
    await using late = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await late.waitForMessage(({ type }) => type === 'session.degraded');
    // Seven more seconds, longer than the other reasons last without a renewal.
    const shown = Math.max(...partialsIn(first?.messages ?? []).map(({ revision }) => revision));
    await first?.waitForMessage((message) => message.type === 'translation.partial' && message.revision >= shown + 35);
    stop.abort();
    await talks;
    const toldLate = late.waitForMessage(({ type }) => type === 'session.recovered', 40_000);
    await Promise.all(
      speakers.map(({ waitForMessage }) => waitForMessage(({ type }) => type === 'session.recovered', 40_000)),
    );
    await toldLate;
    expect(first?.session.degraded).toEqual([]);
    for (const client of [...speakers, late]) expect(health(client)).toEqual([overloaded, recovered]);
    for (const speaker of speakers) expect(await speaker.end()).toMatchObject({ violations: [] });
  });
});

describe('the absence of all workers', () => {
  it('is reported to every session, also to silent ones and new sockets, until a worker is back', async () => {
    await using stack = await startStack({ env: { WORKERS: 'process', PARTIAL_HOLD_MS: '0' } });
    await using speaker = await startLiveSpeaker(stack, english);
    await using silent = await startLiveSpeaker(stack, english);
    await stack.kill('workers', 0);
    await speaker.session.sendFinal({ segmentId: 1, text: 'and nobody comes' });
    for (const { waitForMessage } of [speaker, silent]) await waitForMessage(({ type }) => type === 'session.degraded');
    const { joinCode } = silent.session.started;
    await using late = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await late.waitForMessage(({ type }) => type === 'session.degraded');
    await stack.restart('workers', 0);
    await speaker.waitForMessage(resultOf(1));
    speaker.session.sendPartial({ segmentId: 2, revision: 0, text: 'and on it goes' });
    await speaker.waitForMessage(partialOf(2));
    for (const { waitForMessage } of [speaker, silent, late]) {
      await waitForMessage(({ type }) => type === 'session.recovered', 40_000);
    }
    for (const client of [speaker, silent, late]) expect(health(client)).toEqual([overloaded, recovered]);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 1 } });
  });
});
