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

/** undici's parser errors contain the received bytes, which may be part of a translation. */
function withoutData(error: unknown): unknown {
  return error instanceof errors.HTTPParserError ? new Error(`${error.name}: ${error.code}`) : error;
}

/** Names of errors that Node.js throws for invalid arguments; these have a code too. */
const misuses = new Set(['TypeError', 'RangeError']);

/** Returns the code of an error of undici, the system or a stream, but not of invalid arguments. */
function connectionCode(error: unknown): string | undefined {
  // Some responses that are not HTTP have no code.
  if (error instanceof errors.HTTPParserError) return `${error.name} ${error.code}`;
  if (!Error.isError(error) || misuses.has(error.name)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * undici's connect timer does not account for a blocked event loop. If the loop was blocked for this share of the time-out,
 * the engine is not blamed.
 */
const maxBlockedShare = 0.25;

/** OpenSSL's errors for certificates without a trusted issuer, see `X509_verify_cert_error_string`. */
const distrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_UNTRUSTED)$/;

/**
 * Converts an error of a call to the `EngineError` of its cause. Errors that do not concern the connection are defects of
 * Parley and are returned unchanged, since they do not count against the endpoint and a retry would fail as well.
 *
 * @param deadline the deadline of the call, whose abort reason is an `EngineError` already
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
    return new EngineRejectedError('the request to the engine is invalid', options);
  }
  const code = connectionCode(error);
  return code === undefined
    ? error
    : new EngineUnavailableError(
        `the connection to the engine failed: ${code}${distrusted.test(code) ? '; set ENGINE_CA_FILE to trust its certificate authority' : ''}`,
        options,
      );
}

/**
 * Runs non-streaming work within the time-outs of a call.
 *
 * @throws EngineError for failures of the call; defects of Parley unchanged
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
 * Whether a call uses another connection than the attempt before: true for every second attempt of a final. Not after a bad
 * reply, since the connection is not at fault.
 */
export function usesFreshConnection({ kind, strict, earlierAttempts = 0 }: TranslationRequest): boolean {
  return kind === 'final' && strict !== true && earlierAttempts % 2 === 1;
}
