import { setTimeout as sleep } from 'node:timers/promises';
import type { StabilitySetting } from '@parley/protocol';
import { startSpeaker } from '../../harness/speaker.ts';
import type { TraceEvent } from '../recorded-segments.ts';

/** What happened to one segment, in the order of `atMs`, the time since the talk began. */
export type SegmentEvent =
  | { readonly type: 'revision'; readonly atMs: number; readonly text: string }
  | { readonly type: 'shown'; readonly atMs: number; readonly concluded: string; readonly text: string }
  | { readonly type: 'final'; readonly atMs: number; readonly text: string };

interface Talk {
  readonly url: string;
  readonly events: readonly TraceEvent[];
  readonly stability: StabilitySetting;
  readonly targetLanguage: string;
  readonly signal: AbortSignal;
}

/**
 * Plays a recording in real time.
 *
 * @returns what was sent and shown of each segment; `final` is when its translation was shown
 */
export async function playTalk({ url, events, stability, targetLanguage, signal }: Talk): Promise<SegmentEvent[][]> {
  const segments = new Map<number, SegmentEvent[]>();
  const add = (segmentId: number, event: SegmentEvent): void => {
    const known = segments.get(segmentId);
    if (known === undefined) segments.set(segmentId, [event]);
    else known.push(event);
  };
  const options = { sourceLanguage: 'en', targetLanguages: [targetLanguage], stability };
  await using speaker = await startSpeaker(url, options, {});
  const startMs = performance.now();
  const now = (): number => performance.now() - startMs;
  speaker.session.on('translation.partial', ({ segmentId, concluded, tentative }) =>
    add(segmentId, { type: 'shown', atMs: now(), concluded, text: concluded + tentative }),
  );
  speaker.session.on('translation.final', ({ segmentId, text }) =>
    add(segmentId, { type: 'final', atMs: now(), text }),
  );
  const accepted: Promise<void>[] = [];
  for (const [index, { t, segment, final, text }] of events.entries()) {
    await sleep(Math.max(0, t - now()), undefined, { signal });
    if (final) {
      accepted.push(speaker.session.sendFinal({ segmentId: segment, text }));
    } else {
      speaker.session.sendPartial({ segmentId: segment, revision: index, text });
      add(segment, { type: 'revision', atMs: now(), text });
    }
  }
  await Promise.all(accepted);
  const { violations } = await speaker.end();
  if (violations.length > 0) throw new Error(`the protocol was broken: ${JSON.stringify(violations[0])}`);
  return [...segments.values()];
}
