/// <reference lib="dom" />

/** Texts that a browser keeps for a page. A browser that keeps nothing, as some do in private windows, is no error. */
export interface BrowserStorage {
  /** @returns `null` if there is none */
  read(key: string): string | null;
  /** @returns whether the text is kept */
  write(key: string, text: string): boolean;
  remove(key: string): void;
}

type StoredTexts = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** @param open may throw, because browsers refuse even the object */
export function storageOf(open: () => StoredTexts): BrowserStorage {
  return {
    read: (key) => attempt(() => open().getItem(key)) ?? null,
    write: (key, text) => attempt(() => (open().setItem(key, text), true)) ?? false,
    remove: (key) => {
      attempt(() => open().removeItem(key));
    },
  };
}

/** Kept until the tab is closed. */
export const tabStorage = storageOf(() => sessionStorage);

/** Kept for all tabs of the page. */
export const lastingStorage = storageOf(() => localStorage);

function attempt<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
