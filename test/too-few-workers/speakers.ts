import { setTimeout as delay } from 'node:timers/promises';
import { startLiveSpeaker, type LiveSpeaker, type TestStack } from '../harness/index.ts';

export const english = { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' as const };
export const overloaded = { type: 'session.degraded', reason: 'overloaded' };
export const recovered = { type: 'session.recovered', reason: 'overloaded' };

/** Returns the notices about the health of a session. */
export const health = ({ messages }: Pick<LiveSpeaker, 'messages'>) =>
  messages.filter(({ type }) => type === 'session.degraded' || type === 'session.recovered');

export const startSpeakers = (stack: TestStack, count: number): Promise<LiveSpeaker[]> =>
  Promise.all(Array.from({ length: count }, () => startLiveSpeaker(stack, english)));

/** Lets all speakers send partials of one segment, or finals, until the signal. */
export async function talk(
  speakers: readonly LiveSpeaker[],
  of: 'partials' | 'finals',
  signal: AbortSignal,
): Promise<void> {
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

/** Calls of 400 ms: with two places these are five a second. */
export const busy = { ENGINE_LATENCY: '400/410,1/2', PARTIAL_HOLD_MS: '0' };
