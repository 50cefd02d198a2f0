/// <reference lib="dom" />

const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'parley.theme';

/** The theme that the reader has chosen in this browser; `system` without a choice. */
export function rememberedTheme(): Theme {
  try {
    return themeOf(localStorage.getItem(key));
  } catch {
    // The browser keeps nothing.
    return 'system';
  }
}

export function rememberTheme(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // In a private window nothing is kept.
  }
}

/** Shows the page in this theme; `theme.css` has the colors. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** @returns `system` for anything that is no theme */
export function themeOf(text: string | null | undefined): Theme {
  return themes.find((theme) => theme === text) ?? 'system';
}
