import { expect, it } from '@jest/globals';
import { engineOf, metricsPages, resultsIn, startLiveSpeaker, startStack } from './harness/index.ts';

const keys = { one: 'key-of-tenant-one', two: 'key-of-tenant-two' };
const languages = { sourceLanguage: 'en', targetLanguages: ['es', 'ca'], ordered: true };

it('I47: a speaker far beyond its quota is refused, goes on, and loses nothing; another tenant is not affected', async () => {
  await using stack = await startStack({
    env: {
      API_KEYS: `one:${keys.one},two:${keys.two}`,
      MAX_OUTSTANDING_BYTES_PER_SESSION: '65536',
      MAX_OUTSTANDING_BYTES_PER_TENANT: '65536',
    },
  });
  const engine = engineOf(stack);
  await using flooder = await startLiveSpeaker(stack, { ...languages, apiKey: keys.one });
  await using other = await startLiveSpeaker(stack, { ...languages, apiKey: keys.two });
  await engine.hold(true);
  const texts = Array.from({ length: 150 }, (_, index) => `sentence number ${index}`);
  const accepted = texts.map((text, segmentId) =>
    flooder.session.sendFinal({ segmentId, text }, { timeoutMs: 90_000 }),
  );
  const refusal = await flooder.waitForMessage(({ type }) => type === 'error');
  expect(refusal).toMatchObject({ code: 'too-much-outstanding', retryable: true });

  await other.session.sendFinal({ segmentId: 0, text: 'good morning' });
  await engine.hold(false);
  await engine.release({ all: true });
  const undisturbed = await other.end();
  expect(undisturbed.violations).toEqual([]);
  expect(undisturbed.counts.errors.size).toBe(0);

  await Promise.all(accepted);
  const report = await flooder.end(90_000);
  expect(report.violations).toEqual([]);
  expect([...report.counts.errors.keys()]).toEqual(['too-much-outstanding']);
  for (const target of languages.targetLanguages) {
    const own = resultsIn(flooder.messages).filter(({ targetLanguage }) => targetLanguage === target);
    expect(own.map(({ segmentId }) => segmentId)).toEqual(texts.map((_text, segmentId) => segmentId));
  }
  const [edge = ''] = await metricsPages(stack);
  expect(edge).toMatch(/parley_edge_refusals_total\{reason="too-much-outstanding"\} [1-9]/);
}, 180_000);
