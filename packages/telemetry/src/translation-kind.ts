/** Whether a translation is of a partial transcript, which may still change, or of a final one. */
export type TranslationKind = 'partial' | 'final';
