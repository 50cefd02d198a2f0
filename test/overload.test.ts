import { setTimeout as delay } from 'node:timers/promises';
import { QueueViews } from '@parley/queues';
import { describe, expect, it } from '@jest/globals';
import { startLiveSpeaker, startStack } from './harness/index.ts';

const english = { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' as const };

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

describe('overload', () => {
  it('I9, I10: of partials does not grow the queue or delay finals', async () => {
    // Ten concurrent calls of 200 ms: 50 calls per second, for 120 targets that need 600.
    await using stack = await startStack({
      env: { ENGINE_LATENCY: '200/210,1/2', PARTIAL_CONCURRENCY: '10' },
    });
    const speakers = await Promise.all(
      Array.from({ length: 30 }, () =>
        startLiveSpeaker(stack, { ...english, targetLanguages: ['es', 'ca', 'fr', 'pt'] }),
      ),
    );
    await using views = new AsyncDisposableStack();
    const queues = views.adopt(new QueueViews(stack.redis.connect(), 1, () => undefined), (opened) => opened.close());
    const stop = new AbortController();
    const talks = speakers.map(async ({ session }) => {
      for (let revision = 0; !stop.signal.aborted; revision++) {
        session.sendPartial({ segmentId: 0, revision, text: `word ${revision}` });
        await delay(200);
      }
    });
    const depths: number[] = [];
    for (let look = 0; look < 30; look++) {
      await delay(150);
      const { waiting, prioritized } = await queues.depth('partial');
      depths.push(waiting + prioritized);
    }
    const finals: number[] = [];
    for (const { session, waitForMessage } of speakers.slice(0, 10)) {
      const sentAtMs = performance.now();
      await session.sendFinal({ segmentId: 0, text: 'a final' });
      await waitForMessage(({ type }) => type === 'translation.final');
      finals.push(performance.now() - sentAtMs);
    }
    stop.abort();
    await Promise.all(talks);
    const said = `partial queue at most ${Math.max(...depths)} jobs; finals p50 ${percentile(finals, 0.5)} ms`;
    process.stderr.write(`${said}, p95 ${percentile(finals, 0.95)} ms\n`);
    expect(Math.max(...depths)).toBeLessThanOrEqual(120);
    for (const speaker of speakers) expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('of finals does not delay partials', async () => {
    await using stack = await startStack({ env: { ENGINE_LATENCY: '100/110,1/2', FINAL_CONCURRENCY: '4' } });
    await using flood = await startLiveSpeaker(stack, english);
    await using speaker = await startLiveSpeaker(stack, english);
    const accepted = Array.from({ length: 150 }, (_, segmentId) =>
      flood.session.sendFinal({ segmentId, text: `sentence ${segmentId}` }),
    );
    await Promise.all(accepted);
    const shown: number[] = [];
    for (let revision = 0; revision < 10; revision++) {
      const sentAtMs = performance.now();
      speaker.session.sendPartial({ segmentId: 0, revision, text: `word ${revision}` });
      await speaker.waitForMessage(
        (message) => message.type === 'translation.partial' && message.revision === revision,
      );
      shown.push(performance.now() - sentAtMs);
    }
    const stillToCome = 150 - flood.messages.filter(({ type }) => type === 'translation.final').length;
    process.stderr.write(`partials p50 ${percentile(shown, 0.5)} ms while ${stillToCome} finals wait\n`);
    expect(stillToCome).toBeGreaterThan(0);
    expect(await flood.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 150 } });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });
});
