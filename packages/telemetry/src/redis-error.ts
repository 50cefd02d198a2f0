/** The maximum depth of the chain of causes that is searched. */
const maxCauses = 4;

/**
 * Returns the error code of Redis, such as `NOPERM`, `MOVED`, `OOM` or `READONLY`, of an error or one of its causes;
 * `TIMEOUT` or `CLOSED` if a command got no reply. `undefined` for any other error.
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
  if (name === 'ReplyError') return replyCode(message);
  // Errors with which ioredis itself rejects commands.
  if (message === 'Command timed out' || message.startsWith('Socket timeout. Expecting data')) return 'TIMEOUT';
  const isClosed =
    name === 'MaxRetriesPerRequestError' ||
    message === 'Connection is closed.' ||
    message === 'Command aborted due to connection close' ||
    message.startsWith("Stream isn't writeable");
  return isClosed ? 'CLOSED' : undefined;
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
  return / -([A-Z][A-Z0-9_]*) /.exec(message)?.[1] ?? code;
}

const clusterNode = 'this Redis is a cluster node; Parley needs a standalone Redis';

const explanations: Readonly<Record<string, string>> = {
  NOPERM: 'the Redis user lacks permission for a command, key or channel that Parley needs',
  NOAUTH: 'Redis requires a password',
  WRONGPASS: 'Redis rejected the user name or password',
  READONLY: 'this Redis is a read-only replica',
  OOM: 'Redis is out of memory (maxmemory)',
  MISCONF: 'Redis rejects writes because it cannot save to disk',
  NOREPLICAS: 'Redis rejects writes because too few replicas are connected',
  LOADING: 'Redis is loading its data set',
  MASTERDOWN: 'this Redis is a replica without a connection to its master',
  MOVED: clusterNode,
  ASK: clusterNode,
  CROSSSLOT: clusterNode,
  CLUSTERDOWN: clusterNode,
  UNKNOWNCOMMAND: 'Redis lacks a command that Parley needs: version 7.0 or later is required, without renamed commands',
  TIMEOUT: 'Redis did not reply in time',
  CLOSED: 'the connection to Redis is closed',
};

/** Returns why Redis can't be used, for operators: code and explanation, without the error's own text. */
export function redisErrorReason(error: unknown): string {
  const code = redisErrorCode(error) ?? systemCode(error) ?? 'ERR';
  return `${code}: ${explanations[code] ?? (/^E[A-Z]/.test(code) && code !== 'ERR' ? 'Redis is unreachable' : 'Redis rejected a command')}`;
}

function systemCode(error: unknown): string | undefined {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
