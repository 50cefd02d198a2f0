import type { RedisConnection } from '../connection/redis-connection.ts';
import { scanKeys } from '../script/scan.ts';

/** `{s:ID}:KIND` or `{s:ID}:segment:N` */
const sessionKeyForm = /^\{s:([^}]+)\}:(.+)$/;
/** Keys outlive their session; these two tell clients that come back that it has ended, and expire within a minute. */
const endNotices = new Set(['session', 'log']);

/** The keys of a tenant that can only be found by reading all keys. */
export interface FoundTenantKeys {
  /** Sessions that exist. */
  readonly sessionIds: ReadonlySet<string>;
  /** Sessions of which only the transcript is left. */
  readonly transcriptIds: ReadonlySet<string>;
  /** Join codes of sessions and rooms. */
  readonly codeKeys: readonly string[];
}

/** Reads all keys and finds those that name the tenant in their value. */
export async function findTenantKeys(redis: RedisConnection, tenant: string): Promise<FoundTenantKeys> {
  const sessionIds = new Set<string>();
  const transcriptIds = new Set<string>();
  const codeKeys: string[] = [];
  for await (const keys of scanKeys(redis)) {
    await Promise.all(
      keys.map(async (key) => {
        const [, sessionId = '', kind] = sessionKeyForm.exec(key) ?? [];
        if (kind === 'session') {
          if ((await redis.hget(key, 'tenant')) === tenant) sessionIds.add(sessionId);
        } else if (kind === 'transcript') {
          if ((await tenantOfTranscript(redis, key)) === tenant) transcriptIds.add(sessionId);
        } else if (/^(?:join|room-code):/.test(key)) {
          if (namesTenant(await redis.get(key), tenant)) codeKeys.push(key);
        }
      }),
    );
  }
  return { sessionIds, transcriptIds, codeKeys };
}

/** Deletes what is left of sessions, other than the notices of their end. @returns the number of keys */
export async function deleteSessionKeys(redis: RedisConnection, sessionIds: ReadonlySet<string>): Promise<number> {
  let count = 0;
  for await (const keys of scanKeys(redis)) {
    const deleted = keys.filter((key) => {
      const [, sessionId = '', kind = ''] = sessionKeyForm.exec(key) ?? [];
      return sessionIds.has(sessionId) && !endNotices.has(kind);
    });
    // One command per key, since they may be in different slots.
    count += (await Promise.all(deleted.map((key) => redis.del(key)))).reduce((sum, number) => sum + number, 0);
  }
  return count;
}

/** The last entry of the transcript of an ended session repeats the session's fields. */
async function tenantOfTranscript(redis: RedisConnection, key: string): Promise<string | undefined> {
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
  const fields = newest?.[1] ?? [];
  const index = fields.indexOf('tenant');
  return index % 2 === 0 ? fields[index + 1] : undefined;
}

function namesTenant(json: string | null, tenant: string): boolean {
  if (json === null) return false;
  try {
    return (JSON.parse(json) as { tenant?: unknown }).tenant === tenant;
  } catch {
    return false;
  }
}
