import { setTimeout as delay } from 'node:timers/promises';
import { ServerError } from '@parley/client';
import type { LiveSpeaker } from '../harness/index.ts';

const targets = ['es', 'ca', 'fr', 'pt', 'pt-BR'];
const stabilities = ['off', 'balanced', 'high'] as const;

/** Returns the options of a random session; some are in a room of their own. */
export function randomOptions(random: () => number, number: number) {
  const count = 1 + Math.floor(random() * 3);
  const first = Math.floor(random() * targets.length);
  return {
    sourceLanguage: 'en',
    targetLanguages: Array.from({ length: count }, (_, index) => targets[(first + index) % targets.length] ?? 'es'),
    listenerLanguages: ['de', 'fr'],
    ordered: random() < 0.5,
    ...(random() < 0.3 ? { room: `room-${number}` } : {}),
    stability: stabilities[Math.floor(random() * stabilities.length)] ?? 'off',
  };
}

/** Sends transcripts like a speech recognizer: growing partials, a final that often equals the last partial, some pauses. */
export async function talk(
  { session }: LiveSpeaker,
  name: string,
  random: () => number,
  signal: AbortSignal,
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
      await pause(40 + random() * 160, signal);
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

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
