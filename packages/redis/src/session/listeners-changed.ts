/**
 * The call changed nothing because listeners request other languages than the edge knew. Repeat it with these; `=` is
 * the transcript itself.
 */
export interface ListenersChanged {
  readonly status: 'listeners';
  readonly listenerTargets: readonly string[];
}

export function isListenersChanged(result: { readonly status: string }): result is ListenersChanged {
  return result.status === 'listeners';
}
