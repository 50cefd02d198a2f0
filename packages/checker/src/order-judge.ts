import type { Report, SessionHistory } from './session-history.ts';

/**
 * Finds what an ordered session delivered out of order. This can only be judged at the end: a translation may overtake the
 * `transcript.accepted` of its own segment. A final that was sent again as missing was accepted twice and has no place.
 */
export function judgeOrder({ resolutions, acceptance, segments }: SessionHistory, report: Report): void {
  const places = new Map([...acceptance].map((segmentId, place) => [segmentId, place]));
  const highest = new Map<string, number>();
  for (const { segmentId, targetLanguage, offset } of resolutions) {
    const place = places.get(segmentId);
    const segment = segments.get(segmentId);
    if (place === undefined || segment?.final?.settings.ordered !== true || segment.repeats > 0) continue;
    const before = highest.get(targetLanguage) ?? -1;
    if (place < before) report('final-disordered', { segmentId, targetLanguage, offset });
    highest.set(targetLanguage, Math.max(before, place));
  }
}
