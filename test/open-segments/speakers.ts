import { startLiveSpeaker, type LiveSpeaker, type TestStack } from '../harness/index.ts';

const english = { sourceLanguage: 'en', targetLanguages: ['es'], stability: 'off' as const };

/** Every partial goes to a worker, and many at once are no abuse. */
export const unfiltered = {
  WORKERS: 'process',
  PARTIAL_HOLD_MS: '0',
  MAX_FRAMES_PER_SECOND: '1000',
  MAX_FRAME_BURST: '1000',
};

export const startSpeakers = (stack: TestStack, count: number): Promise<LiveSpeaker[]> =>
  Promise.all(Array.from({ length: count }, () => startLiveSpeaker(stack, english)));

/** Ends the sessions and checks what they received. */
export async function endAll(speakers: readonly LiveSpeaker[]): Promise<void> {
  const reports = await Promise.all(speakers.map((speaker) => speaker.end()));
  const violations = reports.flatMap((report) => report.violations);
  if (violations.length > 0) throw new Error(`violations: ${JSON.stringify(violations.slice(0, 5))}`);
}

/** Resolves when this revision, or a newer one, of every segment was shown. */
export async function whenShown(
  speakers: readonly LiveSpeaker[],
  segments: number,
  revision: number,
  withinMs: number,
) {
  await Promise.all(
    speakers.flatMap(({ waitForMessage }) =>
      Array.from({ length: segments }, (_, segmentId) =>
        waitForMessage(
          (message) =>
            message.type === 'translation.partial' && message.segmentId === segmentId && message.revision >= revision,
          withinMs,
        ),
      ),
    ),
  );
}

/** Sends this revision of every open segment. */
export function sayOn(speakers: readonly LiveSpeaker[], segments: number, revision: number): void {
  for (const { session } of speakers) {
    for (let segmentId = 0; segmentId < segments; segmentId++) {
      session.sendPartial({ segmentId, revision, text: `segment ${segmentId} revision ${revision}` });
    }
  }
}
