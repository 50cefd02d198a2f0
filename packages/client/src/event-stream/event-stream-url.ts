/** What a `session.join` says. */
export interface EventStreamRequest {
  readonly joinCode: string;
  readonly targetLanguages: readonly string[];
  readonly offset?: number | undefined;
}

/**
 * The address of a session's server-sent events.
 *
 * @param streamUrl the address of the WebSocket, such as `wss://example.org/v1/stream`
 */
export function eventStreamUrl(streamUrl: string, { joinCode, targetLanguages, offset }: EventStreamRequest): string {
  const url = new URL(`listen/${encodeURIComponent(joinCode)}/events`, streamUrl.replace(/^ws/, 'http'));
  url.searchParams.set('lang', targetLanguages.join(','));
  // The header `Last-Event-ID` would cost a page of another origin a further request.
  if (offset !== undefined) url.searchParams.set('offset', String(offset));
  return url.href;
}
