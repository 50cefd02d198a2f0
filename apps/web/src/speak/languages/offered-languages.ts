/// <reference lib="dom" />
import { capitalized } from '../../page/language-names.ts';

export interface OfferedLanguage {
  readonly code: string;
  /** In English. */
  readonly name: string;
  /** In the language itself. */
  readonly nativeName: string;
  /** What the engine translates it into. */
  readonly targets: readonly string[];
}

export interface OfferedLanguages {
  readonly languages: readonly OfferedLanguage[];
  /** Whether other languages may work too. */
  readonly isOpen: boolean;
}

/** The server did not say which languages it offers. */
export class LanguagesRefusedError extends Error {
  override readonly name = 'LanguagesRefusedError';
  /** `undefined` if there was no answer. */
  readonly status: number | undefined;

  constructor(status: number | undefined, options?: ErrorOptions) {
    super(`GET /v1/languages: ${status ?? 'no answer'}`, options);
    this.status = status;
  }
}

const timeoutMs = 10_000;

/** @throws LanguagesRefusedError, also if the signal is aborted */
export async function fetchLanguages(token: string | undefined, signal: AbortSignal): Promise<OfferedLanguages> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const request = fetch('/v1/languages', {
    headers,
    cache: 'no-store',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const response = await request.catch((cause: unknown) => {
    throw new LanguagesRefusedError(undefined, { cause });
  });
  if (!response.ok) throw new LanguagesRefusedError(response.status);
  const { languages, open } = (await response.json()) as { languages: OfferedLanguage[]; open?: true };
  return { languages, isOpen: open === true };
}

/** How to name a language for its own speakers. The server knows names that browsers lack, such as those of variants. */
export function displayName({ code, nativeName }: Pick<OfferedLanguage, 'code' | 'nativeName'>): string {
  return capitalized(nativeName, code);
}

/** The languages into which this one can be translated, by their own names in order. */
export function targetsOf({ languages, isOpen }: OfferedLanguages, source: string): OfferedLanguage[] {
  const known = languages.find(({ code }) => code === source)?.targets;
  const isTarget = (code: string): boolean => known?.includes(code) ?? (isOpen && code !== source);
  return inOrder(languages.filter(({ code }) => isTarget(code)));
}

/** The languages that can be spoken, by their own names in order. */
export function sourcesOf({ languages }: OfferedLanguages): OfferedLanguage[] {
  return inOrder(languages.filter(({ targets }) => targets.length > 0));
}

/** The languages whose name, own name or code has the searched words. Case and accents don't matter. */
export function searchLanguages(languages: readonly OfferedLanguage[], searched: string): OfferedLanguage[] {
  const words = plain(searched).split(/\s+/);
  return languages.filter(({ code, name, nativeName }) => {
    const text = plain(`${code} ${name} ${nativeName}`);
    return words.every((word) => text.includes(word));
  });
}

function inOrder(languages: OfferedLanguage[]): OfferedLanguage[] {
  return languages.sort((one, other) => displayName(one).localeCompare(displayName(other)));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
