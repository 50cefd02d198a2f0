import { createFailoverEngine } from '../src/index.ts';
import { circuit, endpointOf } from './endpoint-fixture.ts';
import { describeEngineContract } from './engine-contract.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

describeEngineContract('failover over one OpenAI endpoint', async (given) => {
  const fixture = await startOpenAiFixture(given);
  const only = endpointOf(fixture.engine, { circuit: { ...circuit, minimumCalls: 20 } });
  const engine = createFailoverEngine([only], () => undefined);
  return Object.defineProperty(fixture, 'engine', { value: engine });
});
