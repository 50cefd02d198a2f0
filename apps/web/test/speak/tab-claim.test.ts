import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { claimSession, type TabChannel } from '../../src/speak/talk/tab-claim.ts';

/** Tabs with channels of one browser. */
const tabs = () => {
  const channels = new Set<{ deliver: (data: unknown) => void }>();
  const openChannel = (): TabChannel => {
    const listeners: ((event: { readonly data: unknown }) => void)[] = [];
    const own = { deliver: (data: unknown) => listeners.forEach((listener) => listener({ data })) };
    channels.add(own);
    return {
      postMessage: (data) =>
        queueMicrotask(() => {
          for (const channel of channels) if (channel !== own) channel.deliver(data);
        }),
      addEventListener: (_type, listener) => listeners.push(listener),
      close: () => void channels.delete(own),
    };
  };
  const claim = (sessionId: string, rank: number) =>
    claimSession(sessionId, { openChannel, answerMs: 0, random: () => rank });
  return { claim, channels };
};

describe('claimSession', () => {
  it('gives a session to the first tab, and to another one when that has gone', async () => {
    const { claim, channels } = tabs();
    const release = await claim('s1', 0.1);
    expect(release).toBeDefined();
    expect(await claim('s1', 0.9)).toBeUndefined();
    expect(await claim('s2', 0.5)).toBeDefined();
    release?.();
    expect(await claim('s1', 0.2)).toBeDefined();
    await setImmediate();
    expect(channels.size).toBe(2);
  });

  it.each([
    [0.1, 0.9],
    [0.9, 0.1],
  ])('gives it to one of two tabs that claim it at the same time (%d, %d)', async (first, second) => {
    const { claim } = tabs();
    const claims = await Promise.all([claim('s1', first), claim('s1', second)]);
    expect(claims.filter((release) => release !== undefined)).toHaveLength(1);
  });
});
