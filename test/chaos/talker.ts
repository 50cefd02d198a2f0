import { ServerError } from '@parley/client';
import type { LiveSpeaker } from '../harness/index.ts';
import { pause } from './pause.ts';

/**
 * Sends transcripts like a speech recognizer: growing partials, a final that often equals the last partial, some pauses.
 *
 * @param partialMs the least and the longest time between two partials
 */
export async function talk(
  { session }: LiveSpeaker,
  name: string,
  random: () => number,
  signal: AbortSignal,
  [shortestMs, longestMs]: readonly [number, number] = [40, 200],
): Promise<void> {
  const accepted: Promise<unknown>[] = [];
  for (let segmentId = Math.floor(random() * 5); !signal.aborted; segmentId += 1 + Math.floor(random() * 3)) {
    let text = `${name} in ${segmentId}`;
    // Some segments are in another language, which may be a target.
    const language = random() < 0.15 ? { language: random() < 0.5 ? 'es' : 'it' } : {};
    const words = 1 + Math.floor(random() * 6);
    for (let revision = 0; revision < words; revision++) {
      text += ` word${revision}`;
      session.sendPartial({ segmentId, revision, text, ...language });
      await pause(shortestMs + random() * (longestMs - shortestMs), signal);
    }
    if (random() < 0.5) text += ' in the end';
    accepted.push(session.sendFinal({ segmentId, text, ...language }, { timeoutMs: 120_000 }).catch(onlyRefused));
    if (random() < 0.1) await pause(random() * 3000, signal);
  }
  await Promise.all(accepted);
}

/** Ignores refused finals, which the checker knows from their `error`; rethrows anything else. */
function onlyRefused(error: unknown): void {
  if (!(error instanceof ServerError)) throw error;
}
