import { describe, expect, it } from '@jest/globals';
import {
  endpointLabel,
  engineOf,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  workerMetric,
} from './harness/index.ts';
import { offered900Allowed600, runOfferedLoad } from './rate-limit/offered-load.ts';

const english = { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' as const };

describe('four workers with 900 requests per minute at an engine that allows 600', () => {
  it('I3: use the limit, are rarely rejected, and lose no final', async () => {
    const offer = { ...offered900Allowed600, limiter: 'sliding', windowMs: 20_000, forMs: 15_000 } as const;
    const result = await runOfferedLoad(offer);
    process.stderr.write(`${JSON.stringify(result)}\n`);
    expect(result.refusedShare).toBeLessThanOrEqual(0.01);
    expect(result.usedShare).toBeGreaterThanOrEqual(0.9);
    expect(result).toMatchObject({ finalsTranslated: result.finals, violations: 0, degraded: offer.sessions });
    expect(result.evenness).toBeGreaterThan(0.5);
  });
});

describe('an engine with an unknown limit', () => {
  it('I3: pauses all sessions for the reported delay, after which they resume; clients are notified of both', async () => {
    await using stack = await startStack({ workers: 2, env: { WORKERS: 'process' } });
    await stack.postToEngine('/debug/limit', { rpm: 5, limiter: 'sliding', windowMs: 3000, retryHint: 'text' });
    await using speaker = await startLiveSpeaker(stack, english);
    for (let segmentId = 0; segmentId < 15; segmentId++) {
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    await speaker.waitForMessage(({ type }) => type === 'session.degraded');
    expect(speaker.session.degraded).toEqual(['rate-limited']);
    await speaker.waitForMessage(({ type }) => type === 'session.recovered', 60_000);
    expect(speaker.session.degraded).toEqual([]);
    speaker.session.sendPartial({ segmentId: 15, revision: 0, text: 'and on it goes' });
    await speaker.waitForMessage(({ type }) => type === 'translation.partial');
    const endpoint = endpointLabel(stack);
    expect(await workerMetric(stack, `parley_worker_limit_pauses_total{${endpoint}}`)).toBeGreaterThan(0);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 15, finalsFailed: 0 } });
  });
});

describe('an engine that reports its limit in its responses', () => {
  it('I3: does not get more requests from then on', async () => {
    await using stack = await startStack({ workers: 2 });
    await stack.postToEngine('/debug/limit', { rpm: 240, limiter: 'bucket', burstMs: 1000 });
    await using speaker = await startLiveSpeaker(stack, english);
    await speaker.session.sendFinal({ segmentId: 0, text: 'the first answer tells' });
    await speaker.waitForMessage(({ type }) => type === 'translation.final');
    await speaker.session.sendFinal({ segmentId: 1, text: 'the other worker hears it too' });
    for (let segmentId = 2; segmentId < 22; segmentId++) {
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 22, finalsFailed: 0 } });
    const { requests, completed } = await engineOf(stack).stats();
    // A worker without a response so far may have sent a few too many.
    expect(requests - completed).toBeLessThanOrEqual(4);
  });
});

describe('sockets that join a degraded session', () => {
  it('are notified at once', async () => {
    await using stack = await startStack({ env: { OPENAI_RPM: '10' } });
    await using speaker = await startLiveSpeaker(stack, english);
    for (let segmentId = 0; segmentId < 2; segmentId++) {
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    await speaker.waitForMessage(({ type }) => type === 'session.degraded');
    const { joinCode } = speaker.session.started;
    await using late = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await late.waitForMessage(({ type }) => type === 'session.degraded');
    expect(late.listening.degraded).toEqual(['rate-limited']);
    expect(late.messages[0]).toMatchObject({ type: 'session.joined' });
    speaker.socket.cut();
    await speaker.waitForMessage(({ type }) => type === 'session.resumed');
    await late.waitForMessage(({ type }) => type === 'session.recovered');
    await speaker.waitForMessage(({ type }) => type === 'session.recovered');
    expect(speaker.messages.filter(({ type }) => type === 'session.degraded')).toHaveLength(2);
    expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(late.judge(speaker)).toEqual([]);
  });
});
