import { expect, it, jest } from '@jest/globals';
import { EngineUnavailableError, type Engine } from '@parley/translation';
import { Heartbeat, type HeartbeatOptions } from '../src/consumer/heartbeat.ts';

async function beat(capabilities: Engine['capabilities'], publish: () => Promise<void>) {
  const warn = jest.fn();
  const engine = { name: 'm', capabilities } satisfies Partial<Engine>;
  const options = { engine, partialInFlight: () => 2, profiles: { publish }, logger: { warn } };
  using beating = await Heartbeat.start(options as unknown as HeartbeatOptions);
  expect(beating).toBeDefined();
  return warn;
}

it('publishes nothing while the engine does not say what it can do, and leaves the log to the watch', async () => {
  const publish = jest.fn<() => Promise<void>>();
  const error = new EngineUnavailableError('the connection to the engine failed: DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await beat(() => Promise.reject(error), publish)).not.toHaveBeenCalled();
  expect(publish).not.toHaveBeenCalled();
});

it('tells the log that Redis did not take the profile', async () => {
  const error = new Error('READONLY');
  const capabilities = () => Promise.resolve({ languagePairs: undefined });
  const warn = await beat(capabilities, () => Promise.reject(error));
  expect(warn).toHaveBeenCalledWith({ err: error }, 'publishing the engine profile failed');
});
