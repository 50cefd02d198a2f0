import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The servers besides the one that Parley itself would start: Valkey, if it is on the PATH, and those of `TEST_REDIS_SERVERS`,
 * paths separated by colons.
 */
export function otherServers(environment: Readonly<Record<string, string | undefined>>): string[] {
  const valkey = (environment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'valkey-server'))
    .find(existsSync);
  const given = (environment.TEST_REDIS_SERVERS ?? '').split(delimiter).filter((path) => path !== '');
  return [...(valkey === undefined ? [] : [valkey]), ...given];
}
