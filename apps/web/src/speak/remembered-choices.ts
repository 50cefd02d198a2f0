import { lastingStorage } from '../page/browser-storage.ts';

/** What a speaker chose last, on this browser. */
export interface Choices {
  readonly sourceLanguage: string;
  readonly targetLanguages: readonly string[];
  /** The standing link; empty without one. */
  readonly room: string;
}

const storageKey = 'parley-speaker';
const noChoices: Choices = { sourceLanguage: 'en', targetLanguages: [], room: '' };

/** @param stored what `JSON.stringify` made of choices, or anything else */
export function readChoices(stored: string | null): Choices {
  try {
    const { sourceLanguage, targetLanguages, room } = JSON.parse(stored ?? '{}') as Record<keyof Choices, unknown>;
    return {
      sourceLanguage: typeof sourceLanguage === 'string' ? sourceLanguage : noChoices.sourceLanguage,
      targetLanguages: Array.isArray(targetLanguages) ? targetLanguages.filter((tag) => typeof tag === 'string') : [],
      room: typeof room === 'string' ? room : '',
    };
  } catch {
    return noChoices;
  }
}

export function rememberedChoices(): Choices {
  return readChoices(lastingStorage.read(storageKey));
}

export function rememberChoices(choices: Choices): void {
  lastingStorage.write(storageKey, JSON.stringify(choices));
}
