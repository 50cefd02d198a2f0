import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

describe('ENGINE_PRICES', () => {
  it('gives what a million tokens of a model cost', () => {
    const { ENGINE_PRICES } = loadConfig({ ENGINE_PRICES: '{"m": {"inputPerMillion": 0.4, "outputPerMillion": 1.6}}' });
    expect(ENGINE_PRICES).toEqual({ m: { inputPerMillion: 0.4, outputPerMillion: 1.6 } });
  });

  it.each([
    '{',
    '[]',
    '{"m": 1}',
    '{"m": {"inputPerMillion": -1, "outputPerMillion": 1}}',
    '{"m": {"inputPerMillion": 1}}',
  ])('refuses %s', (ENGINE_PRICES) => {
    expect(() => loadConfig({ ENGINE_PRICES })).toThrow(ConfigError);
  });
});

describe('a budget', () => {
  it('is kept in millionths, and unset without limit', () => {
    expect(loadConfig({ SESSION_BUDGET: '0.5' }).SESSION_BUDGET).toBe(500_000);
    expect(loadConfig({}).TENANT_DAILY_BUDGET).toBeUndefined();
  });

  it.each(['0', '-1', '1,5', 'much', '0.0000001'])('refuses %s', (SESSION_BUDGET) => {
    expect(() => loadConfig({ SESSION_BUDGET })).toThrow(ConfigError);
  });
});
