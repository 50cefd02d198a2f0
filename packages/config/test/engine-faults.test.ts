import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

describe('ENGINE_FAULTS', () => {
  it('is empty by default', () => {
    expect(loadConfig({}).ENGINE_FAULTS).toEqual([]);
  });

  it('parses each fault with its share of the requests', () => {
    expect(
      loadConfig({ ENGINE_FAULTS: '429:2000=5%,503=1%, slow:800=10%,cut=1%,cut:7=0.5%,hang=2%,empty=3%' })
        .ENGINE_FAULTS,
    ).toEqual([
      { share: 0.05, effect: { status: 429, retryAfterMs: 2000 } },
      { share: 0.01, effect: { status: 503 } },
      { share: 0.1, effect: { slowMs: 800 } },
      { share: 0.01, effect: { cutAfterTokens: 1 } },
      { share: 0.005, effect: { cutAfterTokens: 7 } },
      { share: 0.02, effect: { effect: 'hang' } },
      { share: 0.03, effect: { reply: '' } },
    ]);
  });

  it.each(['429', '429=5', '200=5%', 'slow=5%', 'hang:5=5%', 'crash=5%', '429=5%,', 'hang=60%,429=41%', 'reset=101%'])(
    'is rejected by name: %s',
    (value) => {
      expect(() => loadConfig({ ENGINE_FAULTS: value })).toThrow(ConfigError);
      expect(() => loadConfig({ ENGINE_FAULTS: value })).toThrow(/ENGINE_FAULTS/);
    },
  );
});
