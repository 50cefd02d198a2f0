import type { Wait } from '../answer.ts';
import { DeadlineError } from '../errors.ts';
import { LiveListening, type LiveListeningOptions } from './live-listening.ts';
import { LiveSession, type LiveSessionOptions } from './live-session.ts';

const defaultWaitMs = 30_000;

/**
 * Starts a session that survives its socket: it comes back over any of `urls`, sends again what the server may lack, and
 * delivers nothing twice. Tries until it has started, the server refuses for good, or the wait ends (default 30,000 ms).
 *
 * @throws ServerError, ConnectionRefusedError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export function startLiveSession(options: LiveSessionOptions, wait: Partial<Wait> = {}): Promise<LiveSession> {
  return opened(new LiveSession(options), 'session.started', wait);
}

/**
 * Listens to somebody else's session over any number of sockets; without an API key, since the join code is enough.
 * Tries until it has joined, the server refuses for good, or the wait ends (default 30,000 ms).
 *
 * @throws ServerError, ConnectionRefusedError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export function joinLive(options: LiveListeningOptions, wait: Partial<Wait> = {}): Promise<LiveListening> {
  return opened(new LiveListening(options), 'session.joined', wait);
}

async function opened<Live extends LiveSession | LiveListening>(
  live: Live,
  awaited: string,
  { timeoutMs = defaultWaitMs, signal }: Partial<Wait>,
): Promise<Live> {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal?.reason as Error);
  };
  const timer = setTimeout(() => {
    reject(new DeadlineError(awaited, timeoutMs));
  }, timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    await Promise.race([live.opened, interrupted]);
    return live;
  } catch (error) {
    await live.close();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
