import { ServerError } from '@parley/client';
import type { LiveSpeaker } from '../harness/index.ts';
import type { Audience } from './audience.ts';
import { pause } from './pause.ts';

const waitMs = 120_000;
/** Corrections are of one of this many newest segments. */
const correctable = 20;

/** Does at random what hosts do beside speaking: correct, pause, and change the join code. */
export async function moderate(
  host: LiveSpeaker,
  audience: Audience,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  for (let number = 0; await pause(500 + random() * 4000, signal); number++) {
    const choice = random();
    if (choice < 0.6) await correct(host, number, random);
    else if (choice < 0.85) await takeBreak(host, random, signal);
    else await audience.changeCode(host);
  }
}

async function correct({ session, messages }: LiveSpeaker, number: number, random: () => number): Promise<void> {
  const accepted = messages.filter(({ type }) => type === 'transcript.accepted').slice(-correctable);
  const chosen = accepted[Math.floor(random() * accepted.length)];
  if (chosen?.type !== 'transcript.accepted') return;
  const { segmentId } = chosen;
  await session
    .correct({ segmentId, text: `correction ${number} of ${segmentId}` }, { timeoutMs: waitMs })
    .catch(onlyRefused);
}

async function takeBreak({ session }: LiveSpeaker, random: () => number, signal: AbortSignal): Promise<void> {
  session.update({ paused: true });
  await pause(100 + random() * 1500, signal);
  session.update({ paused: false });
}

/** Such as a correction of a segment that is not translated yet. */
function onlyRefused(error: unknown): void {
  if (!(error instanceof ServerError)) throw error;
}
