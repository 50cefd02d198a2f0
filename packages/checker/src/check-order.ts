import type { Report, SessionHistory } from './session-history.ts';

/**
 * Finds results that an ordered session delivered out of order. Runs at the end, because a translation may overtake
 * the `transcript.accepted` of its own segment. Finals that were sent more than once are skipped: the server may have
 * accepted an attempt that it reported as missing or refused, if the reply of Redis was lost.
 */
export function checkOrder({ resolutions, acceptance, segments }: SessionHistory, report: Report): void {
  const places = new Map([...acceptance].map((segmentId, place) => [segmentId, place]));
  const highest = new Map<string, number>();
  for (const { segmentId, targetLanguage, offset } of resolutions) {
    const place = places.get(segmentId);
    const segment = segments.get(segmentId);
    if (place === undefined || segment?.final?.settings.ordered !== true || segment.finals.length > 1) continue;
    const before = highest.get(targetLanguage) ?? -1;
    if (place < before) report('final-out-of-order', { segmentId, targetLanguage, offset });
    highest.set(targetLanguage, Math.max(before, place));
  }
}
