import { z } from 'zod';

/** An API key and the tenant that it belongs to. */
export interface ApiKey {
  readonly tenant: string;
  readonly key: string;
}

/** The name of a tenant: never contains what separates the parts of a key in Redis. */
export const tenantSchema = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

/** A key of the dashboard. */
export const dashboardKeySchema = z.string().regex(/^[\x21-\x7e]{16,200}$/);

const pair = /^([A-Za-z0-9._-]{1,64}):([\x21-\x2b\x2d-\x7e]{16,200})$/;

/** `TENANT:KEY,TENANT:KEY`; a tenant may have several keys, a key belongs to one tenant. */
export const apiKeysSchema = z.string().transform((list, context): readonly ApiKey[] => {
  const keys: ApiKey[] = [];
  for (const entry of list.split(',')) {
    const [, tenant, key] = pair.exec(entry.trim()) ?? [];
    if (tenant === undefined || key === undefined || keys.some((other) => other.key === key)) {
      context.addIssue({ code: 'custom', message: 'is not a list of TENANT:KEY pairs' });
      return z.NEVER;
    }
    keys.push({ tenant, key });
  }
  return keys;
});
