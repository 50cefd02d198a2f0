import type { EndedSession, EndedSessions } from '@parley/redis/session';
import type { Logger } from '@parley/telemetry';

export interface SessionEndReporting {
  readonly ended: Pick<EndedSessions, 'findUnreported' | 'markReported'>;
  /** Absent if none is configured. */
  readonly webhook: { report(session: EndedSession): Promise<void> } | undefined;
  readonly logger: Logger;
}

/**
 * Reports the end of a session to the webhook and in the log. Called again, also by another worker, it changes nothing: the
 * webhook gets one event, and one of the workers logs it.
 */
export async function reportSessionEnd(
  sessionId: string,
  { ended, webhook, logger }: SessionEndReporting,
): Promise<void> {
  const session = await ended.findUnreported(sessionId);
  if (session === undefined) return;
  await webhook?.report(session);
  // Only now: if this process dies in between, the event is queued again, under the same ID.
  if (await ended.markReported(sessionId)) logger.info(summaryOf(session), 'session ended');
}

/** What is logged of a session; nothing that was said. */
function summaryOf(session: EndedSession): Record<string, unknown> {
  const { sessionId, tenant, startedAtMs, endedAtMs, sourceLanguage, targetLanguages, usage } = session;
  return {
    sessionId,
    tenant,
    sourceLanguage,
    targetLanguages,
    durationMs: endedAtMs - startedAtMs,
    partials: session.partials,
    finals: usage.segments,
    translations: usage.translations,
    cached: usage.cached,
    failed: session.failed,
    tokens: usage.tokens,
    mostListeners: session.mostListeners,
  };
}
