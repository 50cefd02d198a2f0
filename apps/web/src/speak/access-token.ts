/// <reference lib="dom" />
import { tabStorage } from '../page/browser-storage.ts';

const storageKey = 'parley-access-token';
/** The form of a token (a JWT). An API key, which a page must never have, does not look like this. */
const tokenForm = /^(?=.{1,1000}$)eyJ[\w-]*\.eyJ[\w-]*\.[\w-]+$/;

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
  return tokenForm.test(token) ? token : undefined;
}

/** Whether a token lets its holder only listen. Tells nothing of whether the server accepts it. */
export function isListenOnly(token: string): boolean {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { scope } = JSON.parse(atob(payload)) as { readonly scope?: unknown };
    return scope === 'listen';
  } catch {
    return false;
  }
}

/**
 * The access token of this tab. A token of the link disappears from the address bar and, unless it is only for listening,
 * replaces the remembered one.
 */
export function takeAccessToken(): string | undefined {
  const given = tokenInFragment(location.hash);
  if (location.hash !== '') history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  const remembered = readToken(tabStorage.read(storageKey) ?? '');
  if (given === undefined || isListenOnly(given)) return remembered ?? given;
  rememberAccessToken(given);
  return given;
}

export function rememberAccessToken(token: string): void {
  tabStorage.write(storageKey, token);
}
