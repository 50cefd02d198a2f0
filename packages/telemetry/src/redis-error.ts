/** How far the causes of an error are followed. */
const maxCauses = 4;

/**
 * The word by which Redis names an error, such as `NOPERM`, `MOVED`, `OOM` or `READONLY`, wherever it stands among the
 * causes; `TIMEOUT` and `CLOSED` for a connection that gave no answer. `undefined` for any other error.
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
  // What ioredis itself rejects commands with.
  if (message === 'Command timed out' || message.startsWith('Socket timeout. Expecting data')) return 'TIMEOUT';
  const isClosed =
    name === 'MaxRetriesPerRequestError' ||
    message === 'Connection is closed.' ||
    message === 'Command aborted due to connection close' ||
    message.startsWith("Stream isn't writeable");
  return isClosed ? 'CLOSED' : undefined;
}

/** An error reply begins with its code. Scripts put it elsewhere: Redis before 7 after a hyphen, and 7.0 tells of rights in words. */
function replyCode(message: string): string {
  const [, code = 'ERR'] = /^-?([A-Z][A-Z0-9_]*)(?= |$)/.exec(message) ?? [];
  if (code !== 'ERR') return code;
  if (/ACL failure in script|can't run this command|has no permissions/.test(message)) return 'NOPERM';
  if (/unknown (sub)?command|Unknown Redis command/i.test(message)) return 'UNKNOWNCOMMAND';
  return / -([A-Z][A-Z0-9_]*) /.exec(message)?.[1] ?? code;
}

const explanations: Readonly<Record<string, string>> = {
  NOPERM: 'the Redis user lacks a right to a command, key or channel that Parley needs',
  NOAUTH: 'Redis asks for a password',
  WRONGPASS: 'Redis refuses the user name or the password',
  READONLY: 'this Redis is a replica and takes no writes',
  OOM: 'the memory of Redis is full',
  MISCONF: 'Redis takes no writes because it cannot save to its disk',
  NOREPLICAS: 'Redis takes no writes because too few replicas are connected',
  LOADING: 'Redis is still loading its data',
  MASTERDOWN: 'this Redis is a replica that has lost its master',
  MOVED: 'this Redis is a node of a cluster; Parley needs one that is not',
  ASK: 'this Redis is a node of a cluster; Parley needs one that is not',
  CROSSSLOT: 'this Redis is a node of a cluster; Parley needs one that is not',
  CLUSTERDOWN: 'this Redis is a node of a cluster; Parley needs one that is not',
  UNKNOWNCOMMAND: 'Redis lacks a command that Parley needs: version 7.0 or later is required, with no command renamed',
  TIMEOUT: 'Redis does not answer in time',
  CLOSED: 'the connection to Redis is closed',
};

/** Why Redis can't be used, for operators: its code and what that means. Nothing of the error's own text is in it. */
export function redisErrorReason(error: unknown): string {
  const code = redisErrorCode(error) ?? systemCode(error) ?? 'ERR';
  return `${code}: ${explanations[code] ?? (/^E[A-Z]/.test(code) && code !== 'ERR' ? 'Redis cannot be reached' : 'Redis refuses a command')}`;
}

function systemCode(error: unknown): string | undefined {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
