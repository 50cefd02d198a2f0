/** What an error code of Redis means, and what an operator can do. */
export interface RedisProblem {
  readonly problem: string;
  readonly remedy: string;
}

const clusterNode: RedisProblem = {
  problem: 'this Redis is a node of a cluster',
  remedy: 'set REDIS_CLUSTER to nodes of the cluster',
};

const fixLogin = 'check user name and password in REDIS_URL';
const waitForLoading = 'wait; Parley continues by itself';

/** The problem if the connection itself fails. */
export const unreachable: RedisProblem = {
  problem: 'Redis is unreachable',
  remedy: 'check that it runs, and host and port of REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER',
};

/** The problem if TLS refuses the certificate. */
export const untrusted: RedisProblem = {
  problem: 'the certificate of Redis is not trusted, has expired, or is for another name',
  remedy: 'check REDIS_CA_FILE, and that the certificate has the names by which Redis is reached',
};

/** The problems by error code: those of Redis, and those that `redisErrorCode` adds. */
export const redisProblems: Readonly<Record<string, RedisProblem>> = {
  NOPERM: {
    problem: 'the Redis user lacks permission for a command, key or channel that Parley needs',
    remedy: 'give that user all of them (ACL SETUSER)',
  },
  NOAUTH: { problem: 'Redis requires a password', remedy: 'put the password into REDIS_URL' },
  WRONGPASS: { problem: 'Redis rejected the user name or password', remedy: fixLogin },
  READONLY: {
    problem: 'this Redis is a read-only replica',
    remedy: 'set REDIS_URL to a name that leads to the master, or REDIS_SENTINELS',
  },
  OOM: {
    problem: 'Redis is out of memory (maxmemory)',
    remedy: 'raise maxmemory, or lower TRANSCRIPT_RETENTION_MINUTES',
  },
  MISCONF: {
    problem: 'Redis rejects writes because it cannot save to disk',
    remedy: 'free disk space, and see the log of Redis',
  },
  NOREPLICAS: {
    problem: 'Redis rejects writes because too few replicas are connected',
    remedy: 'start its replicas, or lower min-replicas-to-write',
  },
  LOADING: { problem: 'Redis is loading its data set', remedy: waitForLoading },
  BUSY: {
    problem: 'Redis is busy with a script',
    remedy: 'wait; if it lasts, see SLOWLOG GET and end the script with SCRIPT KILL',
  },
  MASTERDOWN: {
    problem: 'this Redis is a replica without a connection to its master',
    remedy: 'set REDIS_URL to a name that leads to the master',
  },
  UNBLOCKED: { problem: 'this Redis has become a replica', remedy: 'set REDIS_URL to a name that leads to the master' },
  MAXCLIENTS: { problem: 'Redis has too many connections', remedy: 'raise maxclients' },
  MOVED: clusterNode,
  ASK: clusterNode,
  CROSSSLOT: clusterNode,
  CLUSTERDOWN: {
    problem: 'the Redis Cluster does not serve all slots',
    remedy: 'see CLUSTER INFO; if it is no cluster for Parley, set REDIS_URL to a standalone Redis',
  },
  NOCLUSTER: { problem: 'this Redis is no node of a cluster', remedy: 'set REDIS_URL instead of REDIS_CLUSTER' },
  SENTINELS: {
    problem: 'no sentinel can be reached and names a master',
    remedy: 'check REDIS_SENTINELS, REDIS_SENTINEL_MASTER, REDIS_SENTINEL_PASSWORD, and TLS if REDIS_URL is rediss://',
  },
  UNKNOWNCOMMAND: {
    problem: 'Redis lacks a command that Parley needs: version 7.0 or later is required, without renamed commands',
    remedy: 'update Redis',
  },
  TIMEOUT: {
    problem: 'Redis did not reply in time',
    remedy: 'check whether it hangs: its CPU, its disk, SLOWLOG GET',
  },
  CLOSED: { problem: 'the connection to Redis is closed', remedy: unreachable.remedy },
  LOST: {
    problem: 'a message published in Redis was not received',
    remedy: 'let REDIS_URL lead to one server, without a balancer in between',
  },
};
