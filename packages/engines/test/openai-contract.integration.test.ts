import { describe, it } from '@jest/globals';
import { makeCertificate } from './certificate.ts';
import { describeEngineContract } from './engine-contract.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

const certificate = await makeCertificate();

describeEngineContract('OpenAI over HTTP/1.1', startOpenAiFixture);
describeEngineContract('OpenAI without a pool', (given) => startOpenAiFixture({ ...given, pooled: false }));
if (certificate === undefined) {
  describe('engine contract: OpenAI over TLS', () => {
    it.todo('needs the openssl command');
  });
} else {
  describeEngineContract('OpenAI over HTTP/2', (given) => startOpenAiFixture(given, certificate));
  describeEngineContract('OpenAI over TLS without HTTP/2', (given) =>
    startOpenAiFixture({ ...given, http2: false }, certificate),
  );
  describeEngineContract('OpenAI over TLS without a pool', (given) =>
    startOpenAiFixture({ ...given, pooled: false }, certificate),
  );
}
