import {
  EngineError,
  EngineRejectedError,
  EngineTimeoutError,
  EngineUnavailableError,
  EventLoopBlockedError,
  type TranslationRequest,
} from '@parley/translation';
import { errors } from 'undici';
import { startDeadline, type CallTimeouts, type Deadline } from './deadline.ts';

/** undici's parser errors carry the bytes that they stumbled over, which may be a translation. */
function withoutData(error: unknown): unknown {
  return error instanceof errors.HTTPParserError ? new Error(`${error.name}: ${error.code}`) : error;
}

/** What Node.js calls a wrong call of its own functions; these have a code too. */
const misuses = new Set(['TypeError', 'RangeError']);

/** The code of what went wrong in undici, in the system or in a stream; not that of a call that Node.js finds wrong. */
function connectionCode(error: unknown): string | undefined {
  // Some answers that are no HTTP have no code.
  if (error instanceof errors.HTTPParserError) return `${error.name} ${error.code}`;
  if (!Error.isError(error) || misuses.has(error.name)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * undici's connect timer runs on while the event loop is blocked. If the loop was blocked for this share of the time-out or
 * more, the time-out tells nothing of the engine.
 */
const maxBlockedShare = 0.25;

/** What OpenSSL calls a certificate that nobody vouches for whom it trusts, see `X509_verify_cert_error_string`. */
const distrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_UNTRUSTED)$/;

/**
 * Turns whatever a call threw into the `EngineError` of its cause. What tells of no connection is a defect of Parley's own
 * and comes back as it is: no endpoint is to answer for it, and the next call would end the same way.
 *
 * @param deadline the call's, of which the reason is such an error already
 */
export function callError(
  error: unknown,
  { signal, blockedMs }: Pick<Deadline, 'signal' | 'blockedMs'>,
  connectTimeoutMs: number,
): unknown {
  if (error instanceof EngineError) return error;
  if (signal.aborted && signal.reason instanceof EngineError) return signal.reason;
  const options = { cause: withoutData(error) };
  if (error instanceof errors.ConnectTimeoutError) {
    const wasBlocked = blockedMs >= connectTimeoutMs * maxBlockedShare;
    return new (wasBlocked ? EventLoopBlockedError : EngineTimeoutError)('connect', connectTimeoutMs, options);
  }
  if (error instanceof errors.InvalidArgumentError) {
    return new EngineRejectedError('the request to the engine can not be made', options);
  }
  const code = connectionCode(error);
  return code === undefined
    ? error
    : new EngineUnavailableError(
        `the connection to the engine failed: ${code}${distrusted.test(code) ? '; ENGINE_CA_FILE names whom to trust' : ''}`,
        options,
      );
}

/**
 * Does a piece of work that has its result at once, within the time-outs of a call.
 *
 * @throws EngineError of whatever the work throws; a defect of Parley's own as it is
 */
export async function underDeadline<Value>(
  signal: AbortSignal,
  timeouts: CallTimeouts & { readonly connectTimeoutMs: number },
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  using deadline = startDeadline(signal, timeouts);
  try {
    return await work(deadline.signal);
  } catch (error) {
    throw callError(error, deadline, timeouts.connectTimeoutMs);
  }
}

/**
 * Whether a call goes over another connection than the call before it: every second one of a final does, so that no two
 * in a row share one. After a bad reply it need not, for no connection is at fault.
 */
export function usesFreshConnection({ kind, strict, earlierAttempts = 0 }: TranslationRequest): boolean {
  return kind === 'final' && strict !== true && earlierAttempts % 2 === 1;
}
