import { expect, it } from '@jest/globals';
import {
  EngineUnavailableError,
  systemClock,
  type Engine,
  type RateLimiter,
  type TranslationRequest,
} from '@parley/translation';
import { endpointOf, recordingObserver, unlimited } from './endpoint-fixture.ts';
import { fakeEngine } from './failover-fixture.ts';

const request: TranslationRequest = {
  text: 'Hello.',
  source: 'en',
  target: 'es',
  kind: 'final',
  signal: new AbortController().signal,
};

it('reports how long an answer took, without the wait for a permit, and only of complete answers', async () => {
  let nowMs = 0;
  const answers: [string, number][] = [];
  const observer = {
    ...recordingObserver(),
    endpointAnswered: (endpoint: string, durationMs: number) => void answers.push([endpoint, durationMs]),
  };
  const limiter: RateLimiter = {
    ...unlimited,
    acquire: (...given) => {
      nowMs += 1000;
      return unlimited.acquire(...given);
    },
  };
  const fake = fakeEngine('one');
  const engine: Engine = {
    ...fake,
    translate: (...given) => {
      nowMs += 250;
      return fake.translate(...given);
    },
  };
  const endpoint = endpointOf(engine, { clock: { ...systemClock, now: () => nowMs }, limiter, observer });
  await endpoint.call(request);
  expect(answers).toEqual([['one', 250]]);
  fake.reply = new EngineUnavailableError('HTTP 503');
  await expect(endpoint.call(request)).rejects.toThrow(EngineUnavailableError);
  expect(answers).toHaveLength(1);
});
