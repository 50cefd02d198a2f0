import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { createTranslationService, systemClock, type JobRequest } from '@parley/translation';
import { startRedis } from '../../../test/harness/redis.ts';
import { connectCache } from '../src/cache/index.ts';
import { SingleflightStore } from '../src/singleflight/index.ts';

const request: JobRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  signal: new AbortController().signal,
};
const joinSent = Promise.withResolvers<undefined>();
const answered = Promise.withResolvers<undefined>();
const engine = {
  async translate(_request: unknown, onText?: (text: string) => void): Promise<{ text: string }> {
    joinSent.resolve(undefined);
    await answered.promise;
    onText?.('Buenos días.');
    return { text: 'Buenos días.' };
  },
};
const retry = { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 0, maxRateLimitWaitMs: 0 };
/** Longer than this test, so that a leader stays until it is released. */
const lifetimes = { memberMs: 60_000, resultMs: 60_000 };

it('releases a lead that was granted after the timeout', async () => {
  await using server = await startRedis();
  const redis = server.connect();
  const failures: unknown[] = [];
  await using opened = new AsyncDisposableStack();
  const slow = opened.adopt(
    await connectCache(server.servers, { onError: () => undefined, onFailure: () => failures.push('failed') }),
    (connection) => connection.disconnect(),
  );
  const [heardLate, heardInTime] = [slow, redis].map(
    (connection) => new SingleflightStore(connection, { cached: false, lifetimes }),
  );
  if (heardLate === undefined || heardInTime === undefined) throw new Error('there are two');
  const [known, key] = [randomUUID(), randomUUID()];
  // Loads the scripts, since the first call of an unknown script fails.
  await heardLate.join(known, { member: 'a', kind: 'final', mayFollow: true });
  await heardLate.release(known, 'a', 'always');
  failures.length = 0;

  const chance = { clock: systemClock, random: Math.random };
  const service = createTranslationService({
    engine,
    retry,
    longestWaitMs: 0,
    ...chance,
    reuse: {
      clock: systemClock,
      keyOf: () => key,
      cache: false,
      singleflight: true,
      sharing: { shared: heardLate, newMember: randomUUID, ...chance },
      onSaved: () => undefined,
    },
  });
  await redis.client('PAUSE', 60_000, 'WRITE');
  const translated = service.translateFinal(request);
  await joinSent.promise;
  expect(failures).toHaveLength(1);
  await redis.client('UNPAUSE');
  // Redis processes the commands of a connection in order: first the lead, then its release.
  await slow.ping();
  expect(await heardInTime.join(key, { member: 'b', kind: 'final', mayFollow: true })).toEqual({ status: 'lead' });
  answered.resolve(undefined);
  expect(await translated).toMatchObject({ text: 'Buenos días.', joined: false });
});
