import { hash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@parley/config';

/** An API key as the edge keeps it: hashed, so that keys of any length compare in the same time. */
export interface KnownKey {
  readonly tenant: string;
  readonly digest: Buffer;
}

/** An API key of the configuration in the form in which it is compared. */
export function knownKey({ tenant, key }: ApiKey): KnownKey {
  return { tenant, digest: digestOf(key) };
}

/** The tenant of a presented key. Every known key is compared, each in constant time: the time taken tells nothing. */
export function tenantOf(keys: readonly KnownKey[], presented: string): string | undefined {
  const digest = digestOf(presented);
  let tenant: string | undefined;
  for (const known of keys) if (timingSafeEqual(known.digest, digest)) tenant = known.tenant;
  return tenant;
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
