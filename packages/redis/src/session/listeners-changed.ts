/**
 * Nothing was done: listeners want other languages than the edge had heard when it made the request. It is to be made
 * again for these; `=` is the transcript itself.
 */
export interface ListenersChanged {
  readonly status: 'listeners';
  readonly listenerTargets: readonly string[];
}

export function isListenersChanged(result: { readonly status: string }): result is ListenersChanged {
  return result.status === 'listeners';
}
