import { describe, expect, it } from '@jest/globals';
import { resultOf, startLiveSpeaker, startStack } from './harness/index.ts';
import { busy, english, health, overloaded, startSpeakers, talk } from './too-few-workers/speakers.ts';

describe('sessions that speak more than their workers can take', () => {
  it('are notified about their finals, while one with partials only is not', async () => {
    await using stack = await startStack({ env: { ...busy, FINAL_CONCURRENCY: '2' } });
    const speakers = await startSpeakers(stack, 20);
    await using bystander = await startLiveSpeaker(stack, english);
    const stop = new AbortController();
    const talks = talk(speakers, 'finals', stop.signal);
    const quiet = talk([bystander], 'partials', stop.signal);
    // Not all wait long: sessions without outstanding finals go first.
    await Promise.any(speakers.map(({ waitForMessage }) => waitForMessage(({ type }) => type === 'session.degraded')));
    stop.abort();
    await Promise.all([talks, quiet]);
    expect(speakers.flatMap((speaker) => health(speaker))).toContainEqual(overloaded);
    expect(health(bystander)).toEqual([]);
    for (const speaker of speakers) expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(await bystander.end()).toMatchObject({ violations: [] });
  });
});

describe('a slow engine', () => {
  it('is not reported as a lack of workers to speakers or to sessions with many finals', async () => {
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
    await sender.waitForMessage(resultOf(finals - 1), 40_000);
    stop.abort();
    await talks;
    expect([...health(speaker), ...health(sender)]).toEqual([]);
    expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(await sender.end()).toMatchObject({ violations: [], counts: { finalsTranslated: finals } });
  });
});
