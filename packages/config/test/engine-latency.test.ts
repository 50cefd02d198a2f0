import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/index.ts';

describe('ENGINE_LATENCY', () => {
  it.each(['none', 'fast', 'typical'])('accepts the profile %s', (name) => {
    expect(loadConfig({ ENGINE_LATENCY: name }).ENGINE_LATENCY).toBe(name);
  });

  it('parses the latency of the first token and of each further one', () => {
    expect(loadConfig({ ENGINE_LATENCY: '110/210,5/10.5' }).ENGINE_LATENCY).toEqual({
      firstToken: { medianMs: 110, p95Ms: 210 },
      perToken: { medianMs: 5, p95Ms: 10.5 },
    });
  });

  it.each([
    'slow',
    '110',
    '110/210',
    '110/210,5',
    '210/110,5/10',
    '110/210,10/5',
    '0/10,5/10',
    '-1/10,5/10',
    '1/2,3/4,5/6',
  ])('is rejected by name: %s', (value) => {
    expect(() => loadConfig({ ENGINE_LATENCY: value })).toThrow(ConfigError);
    expect(() => loadConfig({ ENGINE_LATENCY: value })).toThrow(/ENGINE_LATENCY/);
  });
});
