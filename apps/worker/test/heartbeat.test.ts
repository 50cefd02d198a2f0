import { expect, it, jest } from '@jest/globals';
import { EngineUnavailableError, type Engine } from '@parley/translation';
import { Heartbeat, type HeartbeatOptions } from '../src/consumer/heartbeat.ts';

it('tells the log why the engine does not say what it can do, and publishes nothing', async () => {
  const warn = jest.fn();
  const publish = jest.fn<() => Promise<void>>();
  const why = 'the connection to the engine failed: DEPTH_ZERO_SELF_SIGNED_CERT';
  const error = new EngineUnavailableError(why);
  const engine = { name: 'm', capabilities: () => Promise.reject(error) } satisfies Partial<Engine>;
  const options = { engine, partialInFlight: () => 2, profiles: { publish }, logger: { warn } };
  using beating = await Heartbeat.start(options as unknown as HeartbeatOptions);
  expect(beating).toBeDefined();
  expect(warn).toHaveBeenCalledWith({ err: error, why }, expect.any(String));
  expect(publish).not.toHaveBeenCalled();
});
