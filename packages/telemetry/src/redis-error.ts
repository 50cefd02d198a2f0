import { redisProblems, untrusted, unreachable, type RedisProblem } from './redis-problem.ts';

/** The maximum depth of the chain of causes that is searched. */
const maxCauses = 4;

/**
 * Returns the error code of Redis, such as `NOPERM`, `MOVED`, `OOM` or `READONLY`, of an error or one of its causes;
 * `TIMEOUT` or `CLOSED` if a command got no reply, `LOST` if a published message was not received, `SENTINELS` if none names a
 * master. `undefined` for any other error.
 */
export function redisErrorCode(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < maxCauses && Error.isError(current); depth++) {
    const code = codeOf(current);
    if (code !== undefined) return code;
    current = current.cause;
  }
  return undefined;
}

function codeOf(error: Error): string | undefined {
  const { name, message } = error;
  if (name === 'ReplyError') return abortedBecause(error) ?? replyCode(message);
  if (name === 'ProbeMessageLostError') return 'LOST';
  if (name === 'ReplicasMissingError') return 'NOREPLICAS';
  // No node of a cluster could be asked; the last one tells why.
  if (name === 'ClusterAllFailedError') return nodeCode(error) ?? 'CLOSED';
  if (message.startsWith('All sentinels are unreachable')) return 'SENTINELS';
  // Errors with which ioredis itself rejects commands.
  if (message === 'Command timed out' || message.startsWith('Socket timeout. Expecting data')) return 'TIMEOUT';
  const isClosed =
    name === 'MaxRetriesPerRequestError' ||
    message === 'Connection is closed.' ||
    message === 'Command aborted due to connection close' ||
    message.startsWith("Stream isn't writeable");
  return isClosed ? 'CLOSED' : undefined;
}

function nodeCode(error: Error): string | undefined {
  return 'lastNodeError' in error && Error.isError(error.lastNodeError) ? codeOf(error.lastNodeError) : undefined;
}

/** The error that made Redis discard a transaction (`EXECABORT`), which says only that there was one. */
function abortedBecause(error: Error): string | undefined {
  if (!('previousErrors' in error) || !Array.isArray(error.previousErrors)) return undefined;
  const [first] = error.previousErrors as readonly unknown[];
  return Error.isError(first) ? codeOf(first) : undefined;
}

/**
 * An error reply begins with its code. Errors in scripts differ: Redis before 7 puts the code after a hyphen, and 7.0
 * describes missing permissions in words.
 */
function replyCode(message: string): string {
  const [, code = 'ERR'] = /^-?([A-Z][A-Z0-9_]*)(?= |$)/.exec(message) ?? [];
  if (code !== 'ERR') return code;
  if (/ACL failure in script|can't run this command|has no permissions/.test(message)) return 'NOPERM';
  if (/unknown (sub)?command|Unknown Redis command/i.test(message)) return 'UNKNOWNCOMMAND';
  if (/cluster support disabled/.test(message)) return 'NOCLUSTER';
  if (/max number of clients reached/.test(message)) return 'MAXCLIENTS';
  return / -([A-Z][A-Z0-9_]*) /.exec(message)?.[1] ?? code;
}

/** Returns what an operator can do about an error code of Redis, if that is known. */
export function redisRemedy(code: string): string | undefined {
  return redisProblems[code]?.remedy;
}

/**
 * Returns why Redis can't be used, for operators: the code, what it means and what to do, without the error's own text.
 *
 * @param error an error of a connection to Redis, or of a command
 */
export function redisErrorReason(error: unknown): string {
  const code = redisErrorCode(error) ?? systemCode(error) ?? 'ERR';
  const { problem, remedy } = redisProblems[code] ?? problemWith(code);
  return `${code}: ${problem}${remedy === undefined ? '' : `; ${remedy}`}`;
}

function problemWith(code: string): Partial<RedisProblem> & Pick<RedisProblem, 'problem'> {
  if (isCertificateCode(code)) return untrusted;
  return /^E[A-Z]/.test(code) && code !== 'ERR' ? unreachable : { problem: 'Redis rejected a command' };
}

/** Whether OpenSSL or Node.js refuses a certificate with this code. */
export function isCertificateCode(code: string): boolean {
  return /^(?:ERR_TLS_CERT_|CERT_|DEPTH_ZERO_SELF_SIGNED_|SELF_SIGNED_CERT_|UNABLE_TO_(?:GET|VERIFY)_)/.test(code);
}

function systemCode(error: unknown): string | undefined {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
