import { expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { maxShards } from '@parley/queues';

it('QUEUE_SHARDS may be as many shards as the ID of a session can name', () => {
  expect(loadConfig({ QUEUE_SHARDS: String(maxShards) }).QUEUE_SHARDS).toBe(maxShards);
  expect(() => loadConfig({ QUEUE_SHARDS: String(maxShards + 1) })).toThrow(/QUEUE_SHARDS/);
});
