import type { EdgeDependencies } from '../core/dependencies.ts';
import type { ServedSession } from './served-session.ts';

/** Renews what this edge holds of a session, and acts on how it stands. */
export async function touchSession(
  session: ServedSession,
  { presence, edge }: Pick<EdgeDependencies, 'presence' | 'edge'>,
): ReturnType<EdgeDependencies['presence']['touch']> {
  const { sessionId, owner } = session;
  const result = await presence.touch({ sessionId, owner: owner?.mark(), edge, languages: session.wantedLanguages });
  if (result.status === 'gone') {
    session.lost();
    return result;
  }
  session.listenerTargets = result.listenerTargets;
  session.feed.noticeHead(result.head);
  // Only where it is still the owner that was asked about.
  if (result.status === 'fenced' && session.owner === owner) owner?.takenOver();
  if (result.status === 'forgotten' && session.owner === owner) owner?.forgotten();
  return result;
}
