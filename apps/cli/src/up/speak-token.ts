import { maxTokenSeconds, tokenReplySchema } from '@parley/protocol/http-api';

const timeoutMs = 5000;

/** A token to speak, which the speaker's page takes from its link. */
export interface SpeakToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * Asks the edge for a token that lasts as long as any may.
 *
 * @param edgeUrl the address of the edge on this machine
 * @param room if given, the token is for talks in this room only
 * @returns `undefined` if the edge makes none: the page then asks for one
 */
export async function requestSpeakToken(
  edgeUrl: string,
  {
    apiKey,
    room,
    signal,
  }: { readonly apiKey: string; readonly room?: string | undefined; readonly signal: AbortSignal },
): Promise<SpeakToken | undefined> {
  try {
    const response = await fetch(new URL('/v1/tokens', edgeUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scope: 'speak', expiresInSeconds: maxTokenSeconds, room }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const { token, expiresAt } = tokenReplySchema.parse(await response.json());
    return { token, expiresAt: new Date(expiresAt) };
  } catch {
    return undefined;
  }
}
