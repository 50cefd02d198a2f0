import { canonicalJoinCode } from '@parley/protocol';

interface GivenOptions {
  readonly urls: unknown;
  readonly targetLanguages: unknown;
  readonly joinCode?: unknown;
  readonly apiKey?: unknown;
}

/**
 * Checks what a program without types may get wrong, before the first connection.
 *
 * @throws TypeError that names the option
 */
export function checkOptions(options: GivenOptions, { needsJoinCode }: { readonly needsJoinCode: boolean }): void {
  const { urls, targetLanguages, joinCode, apiKey } = options;
  if (!Array.isArray(urls) || urls.length === 0) throw new TypeError('urls must be a list of at least one URL');
  for (const url of urls as unknown[])
    if (!isServerUrl(url)) throw new TypeError(`urls: ${JSON.stringify(url)} is not a ws:, wss:, http: or https: URL`);
  if (!Array.isArray(targetLanguages) || !targetLanguages.every((language) => typeof language === 'string')) {
    throw new TypeError('targetLanguages must be a list of language tags');
  }
  if (!['undefined', 'string', 'function'].includes(typeof apiKey)) {
    throw new TypeError('apiKey must be a string, or a function that returns one');
  }
  // It is sent as a part of a WebSocket subprotocol.
  if (needsJoinCode && (typeof joinCode !== 'string' || !/^[0-9A-Z]+$/.test(canonicalJoinCode(joinCode)))) {
    throw new TypeError('joinCode must consist of letters and digits');
  }
}

function isServerUrl(url: unknown): boolean {
  try {
    return typeof url === 'string' && /^(?:ws|http)s?:$/.test(new URL(url).protocol);
  } catch {
    return false;
  }
}
