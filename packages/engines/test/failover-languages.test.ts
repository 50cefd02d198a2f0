import { describe, expect, it } from '@jest/globals';
import { EngineUnavailableError } from '@parley/translation';
import { translateAll } from './engine-under-test.ts';
import { startFailover } from './failover-fixture.ts';

const down = new EngineUnavailableError('down');

describe('the languages of two endpoints', () => {
  const { signal } = new AbortController();

  it.each([
    ['both', [['en', 'es']], [['en', 'es'], ['en', 'de']], [['en', 'es'], ['en', 'de']]], // prettier-ignore
    ['both', [['en', 'es']], undefined, undefined],
    ['both', down, [['en', 'de']], [['en', 'de']]],
    ['partial', [['en', 'es']], [['en', 'de']], [['en', 'de']]],
    ['partial', undefined, [['en', 'de']], [['en', 'de']]],
  ] as const)('the first for %s, with %j, and the second with %j: %j', async (purpose, first, second, expected) => {
    const { engine, one, two } = startFailover({ one: purpose });
    one.pairs = first;
    two.pairs = second;
    expect((await engine.capabilities(signal)).languagePairs).toEqual(expected);
  });

  it('are unknown if no endpoint for finals replies', async () => {
    const { engine, two } = startFailover({ one: 'partial' });
    two.pairs = down;
    await expect(engine.capabilities(signal)).rejects.toBe(down);
  });

  const english = { source: 'en', target: 'es' };

  it.each([
    ['the first endpoint', {}, [true, false], true],
    ['the second endpoint', {}, [false, true], false],
    ['the first endpoint, which is for finals', { one: 'final' }, [true, false], false],
    ['the first endpoint for partials', { one: 'final' }, [false, true], true],
  ] as const)('are translated with what readers see if %s does so', (_, purposes, [first, second], expected) => {
    const { engine, one, two } = startFailover(purposes);
    one.keepsWording = first;
    two.keepsWording = second;
    expect(engine.usesPrevious(english)).toBe(expected);
  });

  it('are translated with what readers see if the first endpoint that supports them does so', async () => {
    const { engine, one, two } = startFailover();
    one.pairs = [['en', 'de']];
    two.keepsWording = true;
    await engine.capabilities(signal);
    expect(engine.usesPrevious(english)).toBe(true);
    expect(engine.usesPrevious({ source: 'en', target: 'de' })).toBe(false);
  });

  it('keep calls from an endpoint that does not support them', async () => {
    const { engine, one, heard } = startFailover();
    one.pairs = [['en', 'de']];
    await engine.capabilities(signal);
    expect((await translateAll(engine, { target: 'es' })).text).toBe('two');
    expect((await translateAll(engine, { target: 'de-AT' })).text).toBe('one');
    expect(heard).toContain('one passed over: unsupported');
    expect(one.calls).toHaveLength(1);
  });
});
