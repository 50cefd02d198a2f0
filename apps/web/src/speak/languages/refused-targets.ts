import { ServerError } from '@parley/client';

/** The chosen languages because of which the server has refused to start the session; empty if it was for another reason. */
export function refusedTargets(error: unknown, chosen: readonly string[]): readonly string[] {
  if (!(error instanceof ServerError)) return [];
  const [field, index] = error.param?.split('.') ?? [];
  if (error.code === 'language-unsupported') return field === 'sourceLanguage' ? [] : chosen;
  if (error.code !== 'invalid-field' || field !== 'targetLanguages') return [];
  const refused = chosen[Number(index)];
  return refused === undefined ? [] : [refused];
}
