import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

describe('ENGINE_PRICES', () => {
  it('gives what a million tokens of a model cost', () => {
    const { ENGINE_PRICES } = loadConfig({ ENGINE_PRICES: '{"m": {"inputPerMillion": 0.4, "outputPerMillion": 1.6}}' });
    expect(ENGINE_PRICES).toEqual({ m: { inputPerMillion: 0.4, outputPerMillion: 1.6 } });
  });

  it('gives what a million characters cost, of engines that are charged by them alone', () => {
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
  ])('refuses %s', (ENGINE_PRICES) => {
    expect(() => loadConfig({ ENGINE_PRICES })).toThrow(ConfigError);
  });

  it('takes no price beyond a whole for each token, and says so', () => {
    const most = '{"m": {"inputPerMillion": 1000000, "outputPerMillion": 0}}';
    expect(loadConfig({ ENGINE_PRICES: most }).ENGINE_PRICES).toEqual(JSON.parse(most));
    expect(() => loadConfig({ ENGINE_PRICES: most.replace('1000000', '1e18') })).toThrow(
      /ENGINE_PRICES=.*each price from 0 to 1000000/,
    );
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
