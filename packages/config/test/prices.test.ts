import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

describe('ENGINE_PRICES', () => {
  it('parses the price of a million tokens of a model', () => {
    const { ENGINE_PRICES } = loadConfig({ ENGINE_PRICES: '{"m": {"inputPerMillion": 0.4, "outputPerMillion": 1.6}}' });
    expect(ENGINE_PRICES).toEqual({ m: { inputPerMillion: 0.4, outputPerMillion: 1.6 } });
  });

  it('parses the price of a million characters for engines charged by characters only', () => {
    const prices = { deepl: { charactersPerMillion: 20 }, libretranslate: { charactersPerMillion: 15 } };
    expect(loadConfig({ ENGINE_PRICES: JSON.stringify(prices) }).ENGINE_PRICES).toEqual(prices);
  });

  it.each([
    '{"m": {"charactersPerMillion": 20}}',
    '{"deepl": {"inputPerMillion": 1, "outputPerMillion": 1}}',
    '{"deepl": {"charactersPerMillion": -1}}',
    '{',
    '[]',
    '{"m": 1}',
    '{"m": {"inputPerMillion": -1, "outputPerMillion": 1}}',
    '{"m": {"inputPerMillion": 1}}',
    '{"m": {"inputPerMillion": 1e18, "outputPerMillion": 1}}',
    '{"m": {"inputPerMillion": 1, "outputPerMillion": 1000001}}',
  ])('rejects %s', (ENGINE_PRICES) => {
    expect(() => loadConfig({ ENGINE_PRICES })).toThrow(ConfigError);
  });

  it('rejects a price above one currency unit per token, naming the range', () => {
    const most = '{"m": {"inputPerMillion": 1000000, "outputPerMillion": 0}}';
    expect(loadConfig({ ENGINE_PRICES: most }).ENGINE_PRICES).toEqual(JSON.parse(most));
    expect(() => loadConfig({ ENGINE_PRICES: most.replace('1000000', '1e18') })).toThrow(
      /ENGINE_PRICES=.*each price from 0 to 1000000/,
    );
  });
});

describe('a budget', () => {
  it('is parsed into millionths and unlimited if unset', () => {
    expect(loadConfig({ SESSION_BUDGET: '0.5' }).SESSION_BUDGET).toBe(500_000);
    expect(loadConfig({}).TENANT_DAILY_BUDGET).toBeUndefined();
  });

  it.each(['0', '-1', '1,5', 'much', '0.0000001'])('rejects %s', (SESSION_BUDGET) => {
    expect(() => loadConfig({ SESSION_BUDGET })).toThrow(ConfigError);
  });
});
