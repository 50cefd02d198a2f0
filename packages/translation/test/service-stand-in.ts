import {
  EngineCancelledError,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
} from '../src/index.ts';

export const request: JobRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  tenant: 'tenant',
  signal: new AbortController().signal,
};
export const partial: JobRequest = { ...request, kind: 'partial' };
export const translated: TranslationResult = {
  text: 'Buenos días.',
  engineMs: 10,
  attempts: 1,
  cached: false,
  joined: false,
};

interface Call {
  readonly request: JobRequest;
  readonly answer: (result: TranslationResult) => void;
  readonly fail: (error: Error) => void;
}

/** A service whose calls the test answers; a call that is aborted ends as one of an engine does. */
export function answeredByTest(): { service: TranslationService; calls: Call[] } {
  const calls: Call[] = [];
  const call = (given: JobRequest): Promise<TranslationResult> => {
    const { promise, resolve, reject } = Promise.withResolvers<TranslationResult>();
    calls.push({ request: given, answer: resolve, fail: reject });
    for (const signal of [given.signal, given.unwanted]) {
      signal?.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')));
    }
    return promise;
  };
  return { service: { translatePartial: call, translateFinal: call }, calls };
}
