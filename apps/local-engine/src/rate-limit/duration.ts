/**
 * Formats a duration as OpenAI's API does, in Go's format: `0s`, `41ms`, `1.2s`, `6m0s`, `1h0m0s`.
 *
 * @param timeMs rounded up to a whole millisecond
 */
export function formatDuration(timeMs: number): string {
  const wholeMs = Math.ceil(timeMs);
  if (wholeMs === 0) return '0s';
  if (wholeMs < 1000) return `${wholeMs}ms`;
  const minutes = Math.floor(wholeMs / 60_000);
  const seconds = `${(wholeMs % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
