import { describe, expect, it } from '@jest/globals';
import { startStack } from './harness/index.ts';
import { speakAfterSilence } from './harness/silence.ts';

const minuteMs = 60_000;

describe('a session after sixty seconds of silence', () => {
  // The lease of a connection (15 s) and the grace period together are much shorter than the silence.
  it('I1, I3: continues normally', async () => {
    await using stack = await startStack({ env: { SESSION_GRACE_MS: '1000' } });
    expect(await speakAfterSilence(stack, minuteMs)).toMatchObject({
      host: { violations: [], counts: { finalsTranslated: 3, partialsShown: 4 } },
      listener: [],
      connections: [1, 1],
    });
  }, 150_000);
});
