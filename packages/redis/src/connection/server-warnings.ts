/** Something about a server that risks data, and what to do. */
export interface ServerWarning {
  readonly code: 'version' | 'replica' | 'maxmemory-policy' | 'persistence';
  readonly problem: string;
  readonly remedy: string;
}

/** Redis 7 introduced sharded pub/sub. */
const oldestMajor = 7;

/**
 * Returns what is wrong with the settings of a server. What its replies don't tell is assumed to be right.
 *
 * @param info the reply of `INFO`; '' if the user lacks the permission
 * @param save the setting `save`; `undefined` if it is unknown
 */
export function serverWarnings(info: string, save: string | undefined): ServerWarning[] {
  const fieldOf = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const warnings: ServerWarning[] = [];
  const version = fieldOf('redis_version');
  if (version !== undefined && Number.parseInt(version, 10) < oldestMajor) {
    warnings.push({
      code: 'version',
      problem: `this Redis has the version ${version}; Parley needs 7.0 or later`,
      remedy: 'update Redis',
    });
  }
  if (fieldOf('role') === 'slave') {
    warnings.push({
      code: 'replica',
      problem: 'this Redis is a replica, which accepts no writes',
      remedy: 'set REDIS_URL to the master, or REDIS_SENTINELS',
    });
  }
  const policy = fieldOf('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push({
      code: 'maxmemory-policy',
      problem: `maxmemory-policy is ${policy}: Redis drops sessions and jobs when its memory is full`,
      remedy: 'set maxmemory-policy to noeviction',
    });
  }
  if (fieldOf('aof_enabled') === '0' && save === '') {
    warnings.push({
      code: 'persistence',
      problem: 'Redis writes nothing to disk: a restart loses every session',
      remedy: 'set appendonly to yes',
    });
  }
  return warnings;
}
