import { systemClock } from '@parley/translation';
import { createFailoverEngine } from '../src/index.ts';
import { describeEngineContract } from './engine-contract.ts';
import { circuit, recordingObserver } from './failover-fixture.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

describeEngineContract('failover over one OpenAI endpoint', async (given) => {
  const fixture = await startOpenAiFixture(given);
  const engine = createFailoverEngine({
    endpoints: [{ name: 'only', engine: fixture.engine, for: 'both' }],
    circuit: { ...circuit, minimumCalls: 20 },
    observer: recordingObserver(),
    clock: systemClock,
    random: Math.random,
  });
  return Object.defineProperty(fixture, 'engine', { value: engine });
});
