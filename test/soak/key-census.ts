import type { Redis } from 'ioredis';

const keysPerScan = 1000;
const longestWord = 20;

/** Counts the keys of a Redis by family. */
export async function countKeys(redis: Redis): Promise<Map<string, number>> {
  const families = Map.groupBy(await namesOfKeys(redis), keyFamily);
  return new Map([...families].map(([family, keys]) => [family, keys.length]));
}

/** Returns the names of all keys. */
export async function namesOfKeys(redis: Redis): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const keys of redis.scanStream({ count: keysPerScan })) for (const key of keys as string[]) names.add(key);
  return names;
}

/** Replaces IDs, numbers and hashes in the name of a key by `*`, such as `{s:*}:segment:*`. Names of queues are kept. */
export function keyFamily(key: string): string {
  return key
    .replace(/\{s:(probe-)?[^}]*\}/, '{s:$1*}')
    .split(':')
    .map((part) => (!part.startsWith('{parley-') && (/\d/.test(part) || part.length > longestWord) ? '*' : part))
    .join(':');
}
