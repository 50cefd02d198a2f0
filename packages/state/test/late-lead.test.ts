import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import {
  createJoiningService,
  systemClock,
  type JobRequest,
  type TranslationResult,
  type TranslationService,
} from '@parley/translation';
import { startRedis } from '../../../test/harness/redis.ts';
import { connectCache, FlightStore } from '../src/index.ts';

const request: JobRequest = {
  text: 'Good morning.',
  source: 'en',
  target: 'es',
  kind: 'final',
  signal: new AbortController().signal,
};
const translated: TranslationResult = {
  text: 'Buenos días.',
  engineMs: 1,
  attempts: 1,
  cached: false,
  joined: false,
};
const call = (): Promise<TranslationResult> => Promise.resolve(translated);
const service: TranslationService = { translatePartial: call, translateFinal: call };
/** Longer than this test: a leader that nobody hears of stays until it has left. */
const lifetimes = { memberLifeMs: 60_000, resultLifeMs: 60_000 };

it('a lead of which the cache tells too late is given up', async () => {
  await using server = await startRedis();
  const redis = server.connect();
  const failures: unknown[] = [];
  await using opened = new AsyncDisposableStack();
  const slow = opened.adopt(
    await connectCache(server.url, { onError: () => undefined, onFailure: () => failures.push('failed') }),
    (connection) => connection.disconnect(),
  );
  const [heardLate, heardInTime] = [slow, redis].map(
    (connection) => new FlightStore(connection, { cached: false, lifetimes }),
  );
  if (heardLate === undefined || heardInTime === undefined) throw new Error('there are two');
  const [known, key] = [randomUUID(), randomUUID()];
  // Redis has the scripts from now on, and the call to a script that it hadn't was a failure.
  await heardLate.join(known, { member: 'a', kind: 'final', mayFollow: true });
  await heardLate.leave(known, 'a', 'always');
  failures.length = 0;

  const joining = createJoiningService(service, {
    flights: heardLate,
    keyOf: () => key,
    clock: systemClock,
    random: Math.random,
    newMember: randomUUID,
    onSaved: () => undefined,
  });
  await redis.client('PAUSE', 60_000, 'WRITE');
  expect(await joining.translateFinal(request)).toBe(translated);
  expect(failures).toHaveLength(1);
  await redis.client('UNPAUSE');
  // Redis answers what came over a connection in its order: first the lead, then the end of it.
  await slow.ping();
  expect(await heardInTime.join(key, { member: 'b', kind: 'final', mayFollow: true })).toEqual({ status: 'lead' });
});
