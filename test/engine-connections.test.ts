import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngineOverTls, type EngineOverTls } from './bench/engine-over-tls.ts';
import { translateMany } from './bench/translate-many.ts';

describe.each([
  ['HTTP/2', true, 1],
  ['HTTP/1.1', false, 96],
])('connections to the engine over TLS and %s', (_protocol, http2, warmed) => {
  let server: EngineOverTls;
  beforeAll(async () => (server = await startEngineOverTls('20/60,1/2')));
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('are opened at the start: 1,000 translations, a quarter of them aborted, open hardly any others', async () => {
    const before = await server.counts();
    const engine = server.connect({ http2 });
    await engine.warm(new AbortController().signal);
    const warm = await server.counts();
    const opened = warm.connections - before.connections;
    const result = await translateMany(engine, {
      count: 1000,
      concurrency: 50,
      abortEvery: 4,
      abortWithinMs: 20,
      name: 'a load',
    });
    const after = await server.counts();
    // An aborted HTTP/1.1 call waits half a second for the rest of its reply, which may be too short on a busy machine. If it did not
    // wait, each would cost a connection.
    expect(after.connections - warm.connections).toBeLessThan(result.aborted / 10);
    expect(opened - warmed).toBeLessThanOrEqual(1);
    expect(result).toMatchObject({ failed: 0 });
    expect(result.aborted).toBeGreaterThan(100);
    await engine.close();
  });
});
