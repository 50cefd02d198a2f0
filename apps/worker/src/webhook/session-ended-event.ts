import type { WebhookEvent } from '@parley/queues';
import type { EndedSession } from '@parley/redis/session';

const formats = ['srt', 'vtt', 'txt', 'json'] as const;

/** Builds the event that a session has ended: the same ID for the same session. Contains nothing that was said. Pure. */
export function sessionEndedEvent(session: EndedSession): WebhookEvent {
  const { sessionId, tenant, startedAtMs, endedAtMs, sourceLanguage, targetLanguages, usage } = session;
  // BullMQ allows no `:` in IDs.
  const id = `session-ended-${sessionId}`;
  const languages = [...new Set([sourceLanguage, ...targetLanguages])];
  const event = {
    id,
    type: 'session.ended',
    sessionId,
    tenant,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(endedAtMs).toISOString(),
    sourceLanguage,
    targetLanguages,
    usage,
    transcripts: session.hasTranscript ? languages.map((language) => transcriptLinks(sessionId, language)) : [],
  };
  return { v: 1, id, body: JSON.stringify(event) };
}

/** Paths, because only the receiver knows under which address it reaches the edge. */
function transcriptLinks(sessionId: string, language: string): Record<string, string> {
  const path = (format: string) =>
    `/v1/sessions/${sessionId}/transcript.${format}?lang=${encodeURIComponent(language)}`;
  return { language, ...Object.fromEntries(formats.map((format) => [format, path(format)])) };
}
