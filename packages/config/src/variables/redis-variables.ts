import { z } from 'zod';
import { parseRedisUrl, redisUrlSchema } from '../redis/redis-url.ts';
import { serverListSchema } from '../redis/server-list.ts';
import { integer, optional, text, toggle, type ProcessName, type Variable } from '../variable.ts';

const shardCount = z
  .string()
  .regex(/^\d{1,2}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(64));

type Environment = Readonly<Record<string, string | undefined>>;

const everyRedisClient: readonly ProcessName[] = ['up', 'edge', 'worker', 'dashboard'];
const serverList = 'HOST:PORT entries separated by commas, at most 64';
const urlForms = 'a redis://, rediss:// or unix:// URL, in which special characters are percent-encoded';

/** Rejects a cluster beside sentinels, or in another database than 0, which is the only one of a cluster. */
function clusterWithin({ REDIS_SENTINELS, REDIS_URL }: Environment) {
  return serverListSchema(6379).superRefine((_nodes, context) => {
    if (isSet(REDIS_SENTINELS)) {
      context.addIssue({ code: 'custom', message: 'REDIS_SENTINELS is set too' });
    }
    const url = isSet(REDIS_URL) ? redisUrlSchema.safeParse(REDIS_URL) : undefined;
    if (url?.success !== true) return;
    const { address, database } = parseRedisUrl(url.data);
    if (database !== 0) context.addIssue({ code: 'custom', message: 'REDIS_URL names a database' });
    if ('path' in address) context.addIssue({ code: 'custom', message: 'REDIS_URL names a socket' });
  });
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** Redis: one server, sentinels or a cluster. */
export const redisVariables = {
  REDIS_URL: {
    ...optional(redisUrlSchema, {
      allowed: urlForms,
      description:
        'The Redis for sessions and jobs (noeviction, append-only). With REDIS_SENTINELS or REDIS_CLUSTER only its scheme, login and database are used. Unset: `up` starts a private one; the other processes use redis://127.0.0.1:6379.',
      readBy: everyRedisClient,
      secret: true,
    }),
    schemaWithin: () => redisUrlSchema,
  },
  REDIS_SENTINELS: {
    ...optional(serverListSchema(26_379), {
      allowed: serverList,
      description: 'The sentinels that know the master of Redis. They are reached with TLS if REDIS_URL is rediss://.',
      readBy: everyRedisClient,
    }),
    schemaWithin: () => serverListSchema(26_379),
  },
  REDIS_SENTINEL_MASTER: text({
    allowed: 'the name of a master',
    fallback: 'mymaster',
    description: 'The name of the master at the sentinels.',
    readBy: everyRedisClient,
  }),
  REDIS_SENTINEL_USERNAME: optional(z.string().min(1), {
    allowed: 'a user name',
    description: 'The user at the sentinels, with REDIS_SENTINEL_PASSWORD. Unset: `default`.',
    readBy: everyRedisClient,
  }),
  REDIS_SENTINEL_PASSWORD: optional(z.string().min(1), {
    allowed: 'a password',
    description: 'The password at the sentinels, which have one of their own. Unset: none.',
    readBy: everyRedisClient,
    secret: true,
  }),
  REDIS_CLUSTER: {
    ...optional(serverListSchema(6379), {
      allowed: serverList,
      description: 'Nodes of a Redis Cluster; they name the others. Not together with REDIS_SENTINELS.',
      readBy: everyRedisClient,
    }),
    schemaWithin: clusterWithin,
  },
  REDIS_CA_FILE: optional(z.string().min(1), {
    allowed: 'the path of a PEM file with certificates',
    description:
      'Certificates that are trusted for rediss:// instead of those of the system. Without rediss:// in the URL it is not used, and nothing is encrypted. Unset: those of the system.',
    readBy: everyRedisClient,
  }),
  REDIS_TLS_VERIFY: toggle('on', {
    description:
      'Whether the certificate of Redis is verified with rediss://. `off` permits anybody on the network path to read and change everything.',
    readBy: everyRedisClient,
  }),
  CACHE_REDIS_URL: {
    ...optional(redisUrlSchema, {
      allowed: urlForms,
      description:
        'The Redis for cached translations and singleflight (any eviction policy, no persistence needed). Unset: the one for sessions; if that is unset too, `up` starts a second private one.',
      readBy: ['up', 'worker'],
      secret: true,
    }),
    schemaWithin: () => redisUrlSchema,
  },
  QUEUE_SHARDS: optional(shardCount, {
    allowed: 'a whole number from 1 to 64',
    description:
      'The number of parts of the queues, which a cluster distributes over its masters. A session stays in the part that it began in. Raise it for the workers first, and lower it for the edges first. Unset: 4 with REDIS_CLUSTER, otherwise 1.',
    readBy: everyRedisClient,
  }),
  ACCEPT_WAIT_REPLICAS: integer(
    { min: 0, max: 10, fallback: 0 },
    {
      description:
        'How many replicas of Redis must have a final before the client is told that it was accepted. With 0, finals that were accepted in the last moments before a failover have to be sent again, as the client library does.',
      readBy: ['up', 'edge'],
    },
  ),
} as const satisfies Record<string, Variable>;
