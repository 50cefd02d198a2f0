/// <reference lib="dom" />

/** What this browser remembers of a reader. */
export interface Preferences {
  readonly languages: readonly string[];
  readonly sizePercent: number;
}

const key = 'parley.listen';
const defaults: Preferences = { languages: [], sizePercent: 100 };

/** Reads what is remembered; the defaults if there is nothing, or if the browser keeps nothing. */
export function readPreferences(storage: () => Pick<Storage, 'getItem'> = () => localStorage): Preferences {
  try {
    const { languages, sizePercent } = JSON.parse(storage().getItem(key) ?? '{}') as Partial<Record<string, unknown>>;
    return {
      languages: Array.isArray(languages) ? languages.filter((tag) => typeof tag === 'string') : defaults.languages,
      sizePercent: typeof sizePercent === 'number' && sizePercent > 0 ? sizePercent : defaults.sizePercent,
    };
  } catch {
    return defaults;
  }
}

export function rememberPreferences(
  preferences: Preferences,
  storage: () => Pick<Storage, 'setItem'> = () => localStorage,
): void {
  try {
    storage().setItem(key, JSON.stringify(preferences));
  } catch {
    // In a private window nothing is kept.
  }
}
