import { expect, it, jest } from '@jest/globals';
import { createLogger, errorFields, RedisHealth, redisErrorCode, redisErrorReason } from '../src/index.ts';
import { RepeatGate } from '../src/repeat-gate.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

it.each([
  ['NOPERM No permissions to access a channel', 'NOPERM'],
  ['MOVED 3999 127.0.0.1:6381', 'MOVED'],
  ["OOM command not allowed when used memory > 'maxmemory'. script: abc, on @user_script:1.", 'OOM'],
  ['ERR Error running script (call to f_abc): @user_script:1: -READONLY You cannot write', 'READONLY'],
  ['ERR ACL failure in script: No permissions to access a channel', 'NOPERM'],
  ["ERR unknown command 'ssubscribe', with args beginning with: 'x' ", 'UNKNOWNCOMMAND'],
  ['ERR max number of clients reached', 'MAXCLIENTS'],
  ['LOADING Redis is loading the dataset in memory', 'LOADING'],
  ['ERR This instance has cluster support disabled', 'NOCLUSTER'],
  ['ERR something else', 'ERR'],
])('returns the error code of Redis: %s', (message, code) => {
  expect(redisErrorCode(reply(message))).toBe(code);
  expect(redisErrorCode(new Error('outer', { cause: reply(message) }))).toBe(code);
  expect(errorFields(reply(message))).toMatchObject({ redisError: code });
});

it('returns the error that made Redis discard a transaction', () => {
  const aborted = reply('EXECABORT Transaction discarded because of previous errors.');
  expect(redisErrorCode(aborted)).toBe('EXECABORT');
  expect(redisErrorCode(Object.assign(aborted, { previousErrors: [reply('OOM full')] }))).toBe('OOM');
});

it('says what an operator can do, but nothing for a code that is not known', () => {
  expect(errorFields(reply('OOM full'))).toMatchObject({ remedy: expect.stringContaining('maxmemory') });
  expect(errorFields(reply('ERR the patient said'))).not.toHaveProperty('remedy');
  expect(redisErrorReason(reply('WRONGPASS invalid'))).toMatch(/^WRONGPASS: .+; check user name and password/);
  expect(redisErrorReason(reply('ERR the patient said'))).toBe('ERR: Redis rejected a command');
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(redisErrorReason(refused)).toMatch(/^ECONNREFUSED: Redis is unreachable; check that it runs/);
});

it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
  'says that a certificate was refused: %s',
  (code) => {
    const refused = Object.assign(new Error('refused'), { code });
    expect(redisErrorReason(refused)).toMatch(new RegExp(`^${code}: the certificate of Redis .+; check REDIS_CA_FILE`));
    const gate = new RepeatGate(() => 0);
    expect([1, 2].map(() => gate.admit(refused, 'failed'))).toEqual([0, undefined]);
  },
);

it('says why no node of a cluster can be used, and repeats it once a minute only', () => {
  const allFailed = (lastNodeError?: Error): Error =>
    Object.assign(new Error('Failed to refresh slots cache.'), { name: 'ClusterAllFailedError', lastNodeError });
  const closed = allFailed(new Error('Connection is closed.'));
  for (const error of [closed, allFailed()]) {
    expect(redisErrorReason(error)).toMatch(/^CLOSED: .+; check that it runs, and host and port/);
  }
  expect(redisErrorCode(allFailed(reply('WRONGPASS invalid')))).toBe('WRONGPASS');
  const gate = new RepeatGate(() => 0);
  expect([1, 2].map(() => gate.admit(closed, 'failed'))).toEqual([0, undefined]);
});

it('returns no code for other errors', () => {
  expect(redisErrorCode(new Error('NOPERM is what they said'))).toBeUndefined();
  expect(redisErrorCode('NOPERM')).toBeUndefined();
});

it('passes a repeated line once a minute and counts the others', () => {
  let nowMs = 0;
  const gate = new RepeatGate(() => nowMs);
  const full = reply('OOM full');
  expect([1, 2, 3].map(() => gate.admit(full, 'failed'))).toEqual([0, undefined, undefined]);
  expect(gate.admit(full, 'something else failed')).toBe(0);
  expect(gate.admit(reply('READONLY'), 'failed')).toBe(0);
  expect([1, 2].map(() => gate.admit(new Error('of another kind'), 'failed'))).toEqual([0, 0]);
  nowMs = 60_000;
  expect(gate.admit(full, 'failed')).toBe(2);
});

it('logs an outage once, with the error code', () => {
  const lines: string[] = [];
  const log = createLogger({ LOG_LEVEL: 'info' }, 'edge', { write: (line) => void lines.push(line) });
  for (let time = 0; time < 5; time++) log.warn({ err: reply('OOM full'), sessionId: String(time) }, 'failed');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { redisError: 'OOM' }, sessionId: '0', msg: 'failed' });
});

it('reports a failure once, with the connection error if a probe times out', async () => {
  const [error, info] = [jest.fn(), jest.fn()];
  let isHanging = true;
  let probes = 0;
  const probe = (): Promise<void> => {
    probes += 1;
    return isHanging ? Promise.withResolvers<undefined>().promise : Promise.resolve();
  };
  const logger = { error, info } as unknown as ReturnType<typeof createLogger>;
  using health = new RedisHealth({ probe, isConnected: () => true, logger, timeoutMs: 20 });
  health.noticed(reply('READONLY You cannot write'));
  expect(await health.check()).toMatch(/^READONLY: /);
  expect(await health.check()).toMatch(/^READONLY: /);
  expect(health.isUsable).toBe(false);
  expect([probes, error.mock.calls.length]).toEqual([1, 1]);
  isHanging = false;
  using other = new RedisHealth({ probe, isConnected: () => true, logger });
  expect(other.isUsable).toBe(false);
  expect(await other.check()).toBe('ok');
  expect(other.isUsable).toBe(true);
  expect(info).not.toHaveBeenCalled();
});
