import type { WaitOptions } from '../await-reply.ts';
import { deferred } from '../deferred.ts';
import type { ApiKeySource } from './api-key.ts';
import { checkOptions } from './check-options.ts';
import { DeadlineError } from '../errors.ts';
import type { LiveOptions } from './live-options.ts';
import { Listener, type ListenerOptions } from './listener.ts';
import { LiveSession, type LiveSessionOptions } from './live-session.ts';
import type { SavedSession } from './saved-session.ts';

export interface ResumeLiveOptions extends LiveOptions {
  /** A key or token, or a function that returns one; it is called before each attempt to connect. */
  readonly apiKey?: ApiKeySource | undefined;
  /** What `saved()` of the session returned last. */
  readonly saved: SavedSession;
}

const defaultWaitMs = 30_000;

/**
 * Starts a session that survives the loss of its socket: it reconnects to any of `urls`, sends again what the server
 * may lack, and delivers nothing twice. Tries until it has started, the server refuses permanently, or the wait ends
 * (default 30,000 ms).
 *
 * @throws ServerError, ConnectionRefusedError, ConnectionClosedError, DeadlineError, or the signal's reason; TypeError if an
 *   option is invalid
 */
export async function startLiveSession(
  options: LiveSessionOptions,
  wait: Partial<WaitOptions> = {},
): Promise<LiveSession> {
  checkOptions(options, { needsJoinCode: false });
  return await opened(new LiveSession(options), 'session.started', wait);
}

/**
 * Continues a session that another client has started, for example this page before it was reloaded; that client, if it is
 * still connected, loses the session. Finals that the server lacks are sent again. Tries until the session is resumed, the
 * server refuses permanently, or the wait ends (default 30,000 ms).
 *
 * @throws like `startLiveSession`; a ServerError with the code `session-unknown` or a ConnectionClosedError with the close code
 *   4401 if the session has ended
 */
export async function resumeLiveSession(
  { saved, ...options }: ResumeLiveOptions,
  wait: Partial<WaitOptions> = {},
): Promise<LiveSession> {
  const sessionOptions = { ...saved.start, ...options };
  checkOptions(sessionOptions, { needsJoinCode: false });
  return await opened(new LiveSession(sessionOptions, saved), 'session.resumed', wait);
}

/**
 * Joins another speaker's session and reconnects when the socket is lost. Needs no API key, only the join code.
 * Tries until it has joined, the server refuses permanently, or the wait ends (default 30,000 ms). With the join code of a
 * room, it waits for a session to begin, which is not limited in time: abort the `signal` to stop.
 *
 * @throws ServerError, ConnectionRefusedError, ConnectionClosedError, DeadlineError, or the signal's reason; TypeError if an
 *   option is invalid
 */
export async function joinLive(options: ListenerOptions, wait: Partial<WaitOptions> = {}): Promise<Listener> {
  checkOptions(options, { needsJoinCode: true });
  return await opened(new Listener(options), 'session.joined', wait);
}

async function opened<Live extends LiveSession | Listener>(
  live: Live,
  awaited: string,
  { timeoutMs = defaultWaitMs, signal }: Partial<WaitOptions>,
): Promise<Live> {
  const { promise: interrupted, reject } = deferred<never>();
  const onAbort = (): void => {
    reject(signal?.reason as Error);
  };
  const startTimer = () =>
    setTimeout(() => reject(new DeadlineError(awaited, timeoutMs, { cause: live.lastError })), timeoutMs);
  let timer: ReturnType<typeof startTimer> | undefined = startTimer();
  const stopTimer = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  // The time between two questions whether the session has begun does not count, nor that before them.
  const releases = [live.on('waiting', stopTimer), live.on('connecting', () => (timer ??= startTimer()))];
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    await Promise.race([live.opened, interrupted]);
    setTimeout(() => live.handedOver());
    return live;
  } catch (error) {
    await live.close();
    throw error;
  } finally {
    stopTimer();
    for (const release of releases) release();
    signal?.removeEventListener('abort', onAbort);
  }
}
