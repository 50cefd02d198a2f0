/** Formats a duration for people, with two or three digits. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}

/** Formats a whole number with separators. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Formats a share from 0 to 1. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Formats money given in millionths, in the unnamed currency of the price table. */
export function formatMoney(micros: number): string {
  return (micros / 1_000_000).toFixed(4);
}
