/// <reference lib="dom" />

const storageKey = 'parley-access-token';
/** A token, or an API key by mistake: both can be sent as a WebSocket subprotocol. */
const sendable = /^[\w.~+/=-]{1,1000}$/;

/** Reads the token from a link's fragment, such as `#token=eyJ...`, which browsers don't send to servers. */
export function tokenInFragment(fragment: string): string | undefined {
  return readToken(new URLSearchParams(fragment.replace(/^#/, '')).get('token') ?? '');
}

/** @returns `undefined` if no token looks like this */
export function readToken(typed: string): string | undefined {
  const token = typed
    .trim()
    .replace(/^.*#token=/, '')
    .replace(/&.*$/, '');
  return sendable.test(token) ? token : undefined;
}

/** The access token of this tab. A token of the link replaces the remembered one and disappears from the address bar. */
export function takeAccessToken(): string | undefined {
  const given = tokenInFragment(location.hash);
  if (location.hash !== '') history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  if (given !== undefined) rememberAccessToken(given);
  return given ?? sessionStorage.getItem(storageKey) ?? undefined;
}

export function rememberAccessToken(token: string): void {
  sessionStorage.setItem(storageKey, token);
}
