/// <reference lib="dom" />
import { tabStorage } from '../../page/browser-storage.ts';

const storageKey = 'parley-audience-origin';

/**
 * Reads where the audience reaches this server from a link's fragment, such as `#token=…&audience=http://192.168.1.5:8787`. On
 * the server's own machine a page may use the microphone without https, but other devices can't use its address.
 *
 * @returns `undefined` if the fragment names no origin
 */
export function originInFragment(fragment: string): string | undefined {
  const url = URL.parse(new URLSearchParams(fragment.replace(/^#/, '')).get('audience') ?? '');
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.origin : undefined;
}

/** The origin of links for the audience. One in the page's own link is remembered for this tab. */
export function audienceOrigin(): string {
  const given = originInFragment(location.hash);
  if (given !== undefined) tabStorage.write(storageKey, given);
  return given ?? tabStorage.read(storageKey) ?? location.origin;
}
