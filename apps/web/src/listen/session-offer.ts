import type { ListeningOffer } from './choose-languages.ts';

/** What the server tells of a join code. */
export type SessionOffer =
  | ({ readonly state: 'open'; readonly isRoom: boolean } & ListeningOffer)
  /** The code is that of a room in which nobody speaks yet. */
  | { readonly state: 'not-started' }
  | { readonly state: 'unknown-code' }
  /** Too many wrong codes came from here, from this reader or others in the same network. */
  | { readonly state: 'too-many-tries' }
  /** It may be different soon. */
  | { readonly state: 'unavailable' };

const maxLanguages = 200;
const timeoutMs = 10_000;

/**
 * Asks the server for the languages of a session.
 *
 * @param origin of the server, such as `https://example.org`
 * @throws the signal's reason
 */
export async function fetchOffer(origin: string, joinCode: string, signal: AbortSignal): Promise<SessionOffer> {
  try {
    const response = await fetch(`${origin}/v1/listen/${encodeURIComponent(joinCode)}`, {
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return offerIn(response.status, await response.json().catch(() => undefined));
  } catch {
    signal.throwIfAborted();
    return { state: 'unavailable' };
  }
}

/** Pure. */
export function offerIn(status: number, body: unknown): SessionOffer {
  if (status === 425) return { state: 'not-started' };
  if (status === 404) return { state: 'unknown-code' };
  if (status === 429) return { state: 'too-many-tries' };
  const { sourceLanguage, languages, furtherLanguages, room } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (status !== 200 || typeof sourceLanguage !== 'string' || !isListOfTags(languages)) return { state: 'unavailable' };
  return {
    state: 'open',
    sourceLanguage,
    languages: languages.includes(sourceLanguage) ? languages : [sourceLanguage, ...languages],
    furtherLanguages: typeof furtherLanguages === 'number' ? furtherLanguages : 0,
    isRoom: typeof room === 'string',
  };
}

function isListOfTags(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= maxLanguages && value.every((tag) => typeof tag === 'string');
}
