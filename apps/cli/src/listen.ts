import { joinLive } from '@parley/client';
import type { ListenerView } from './captions/listener-views.ts';

export interface ListenOptions {
  /** The edges; after a loss of the connection each attempt uses the next one. */
  readonly urls: readonly [string, ...string[]];
  readonly joinCode: string;
  readonly targetLanguages: readonly string[];
  readonly signal: AbortSignal;
  readonly view: ListenerView;
}

/**
 * Listens to a session until it ends, and rejoins it when the connection is lost.
 *
 * @throws ServerError, ConnectionRefusedError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export async function listen({ urls, joinCode, targetLanguages, signal, view }: ListenOptions): Promise<void> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<undefined>();
  let hasNoticed = false;
  let isWaiting = false;
  await using listener = await joinLive(
    {
      on: {
        waiting: () => {
          if (!isWaiting) view.onNotice('the talk has not begun yet, waiting for it');
          isWaiting = hasNoticed = true;
        },
        'session.joined': () => {
          isWaiting = false;
        },
        reconnecting: ({ error }) => {
          if (!hasNoticed) view.onNotice(`can't connect yet, trying again: ${error.message}`);
          hasNoticed = true;
        },
      },
      urls,
      joinCode,
      targetLanguages: [...targetLanguages],
      onMessage: (message) => {
        view.onMessage(message);
      },
    },
    { signal },
  );
  hasNoticed = true;
  let isLost = false;
  listener.on('disconnected', (error) => {
    if (!isLost) view.onNotice(`the connection was lost, reconnecting: ${error.message}`);
    isLost = true;
  });
  listener.on('session.joined', () => {
    if (isLost) view.onNotice('connected again');
    isLost = false;
  });
  listener.on('closed', (error) => {
    if (error === undefined) resolve(undefined);
    else reject(error);
  });
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await ended;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
