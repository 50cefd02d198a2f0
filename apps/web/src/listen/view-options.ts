// What the address of the page says: `/listen/CODE?lang=es,ar&overlay&size=150&lines=3&theme=dark`.

/** How many languages are shown side by side. */
export const maxColumns = 2;
const defaultOverlayLines = 2;
export const minSizePercent = 40;
export const maxSizePercent = 400;

export interface ViewOptions {
  /** As it was typed or linked, without spaces; `undefined` if the page must ask for it. */
  readonly joinCode: string | undefined;
  /** Canonical language tags; empty if the address names none. */
  readonly languages: readonly string[];
  /** Whether the page is laid over a video: a transparent ground and no controls. */
  readonly isOverlay: boolean;
  /** The size of the captions in percent; `undefined` if it is up to the reader. */
  readonly sizePercent: number | undefined;
  /** How many lines of text an overlay shows. */
  readonly overlayLines: number;
  readonly theme: string | undefined;
}

/** Reads the address of the page. What is not valid counts as missing: a reader can't correct a link. */
export function viewOptions({ pathname, search }: Pick<Location, 'pathname' | 'search'>): ViewOptions {
  const parameters = new URLSearchParams(search);
  const joinCode = typedCode(decoded(pathname.split('/')[2] ?? '') || (parameters.get('code') ?? ''));
  const languages = (parameters.get('lang') ?? '').split(',').flatMap((tag) => canonicalTag(tag));
  return {
    joinCode,
    languages: [...new Set(languages)].slice(0, maxColumns),
    isOverlay: parameters.has('overlay'),
    sizePercent: numberBetween(parameters.get('size'), minSizePercent, maxSizePercent),
    overlayLines: numberBetween(parameters.get('lines'), 1, 8) ?? defaultOverlayLines,
    theme: parameters.get('theme') ?? undefined,
  };
}

/** A code as a reader types it, without what cannot belong to it; the server ignores case and hyphens. */
export function typedCode(typed: string): string | undefined {
  const code = typed.replace(/[^\w-]/g, '').slice(0, 64);
  return code === '' ? undefined : code;
}

/** The address of the same view with other languages. */
export function withLanguages(href: string, languages: readonly string[]): string {
  const url = new URL(href);
  url.searchParams.delete('lang');
  // Without the encoding of the comma, the address is one that a reader can read.
  const query = [...(url.search === '' ? [] : [url.search.slice(1)]), `lang=${languages.join(',')}`].join('&');
  url.search = query;
  return url.href;
}

function canonicalTag(tag: string): readonly string[] {
  try {
    return Intl.getCanonicalLocales(tag.trim());
  } catch {
    return [];
  }
}

function numberBetween(text: string | null, least: number, most: number): number | undefined {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? undefined : Math.min(most, Math.max(least, number));
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
