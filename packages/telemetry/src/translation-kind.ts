/** Whether a translation is of a growing hypothesis or of the settled text. */
export type TranslationKind = 'partial' | 'final';
