import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readMeasuredCosts } from './bench/scaling/measured-costs.ts';
import { ModelOptionError, parseModelOptions } from './bench/scaling/model-options.ts';
import { modelTables } from './bench/scaling/model.ts';
import { checkedPoints, fittedPoints } from './bench/scaling/points.ts';
import { withTables } from './bench/scaling/scaling-page.ts';
import { usualAssumptions } from './bench/scaling/workload.ts';

const measured = readMeasuredCosts();
const page = readFileSync(new URL('../docs/scaling.md', import.meta.url), 'utf8');

describe('docs/scaling.md', () => {
  it('has the tables of `npm run model -- --write`', () => {
    expect(page).toBe(withTables(page, modelTables(measured)));
  });

  it('is from a run of all loads, none of them used for the fit and for a check', () => {
    expect(measured.points.map(({ name }) => name)).toEqual(fittedPoints.map(({ name }) => name));
    expect(measured.checked.map(({ name }) => name)).toEqual(checkedPoints.map(({ name }) => name));
    const names = [...fittedPoints, ...checkedPoints].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('must have a place for each table', () => {
    const tables = modelTables(measured);
    expect(() => withTables(page.replace('<!-- end of needs -->', ''), tables)).toThrow(
      'no place for the table "needs"',
    );
    expect(() => withTables('', tables)).toThrow('no place for the table "machine"');
  });
});

describe('the options of `npm run model`', () => {
  it('are those of the page by default', () => {
    expect(parseModelOptions([])).toEqual({
      measure: false,
      check: false,
      write: false,
      size: undefined,
      assumptions: usualAssumptions,
    });
  });

  it('set a size and what it is reckoned with', () => {
    const options = '--sessions 7 --listeners 0 --recognizer Stream --engine fast --cached 1 --utilization .8';
    expect(parseModelOptions(options.split(' '))).toMatchObject({
      size: { name: '7 sessions, 1 targets, 0 listeners', sessions: 7, targets: 1, listeners: 0 },
      assumptions: { recognizer: 'stream', engine: 'fast', cachedShare: 1, utilization: 0.8 },
    });
  });

  it.each([
    [['--sessions', '0'], '--sessions must be a whole number from 1 to 1000000'],
    [['--sessions', '1e3'], '--sessions must be a whole number'],
    [['--targets', '1000'], '--targets must be a whole number from 1 to'],
    [['--listeners', '-1'], "'--listeners"],
    [['--listeners', ''], '--listeners must be a whole number from 0'],
    [['--cached', '1.1'], '--cached must be a number from 0 to 1'],
    [['--cached', 'half'], '--cached must be a number from 0 to 1'],
    [['--utilization', '0'], '--utilization must be a number from 0.1 to 0.95'],
    [['--engine', 'slow'], '--engine must be one of none, fast, typical'],
    [['--recognizer', 'whisper'], '--recognizer must be one of PocketSphinx, redecode, stream'],
    [['--speed', '2'], '--speed'],
    [['100'], '100'],
    [['--check', '--sessions', '5'], '--measure, --check and --write go with no size or assumption'],
    [['--write', '--engine', 'fast'], '--measure, --check and --write go with no size or assumption'],
  ])('refuse %j by name', (parameters, message) => {
    expect(() => parseModelOptions(parameters)).toThrow(ModelOptionError);
    expect(() => parseModelOptions(parameters)).toThrow(message);
  });
});

describe('the model', () => {
  it('reckons one size with other assumptions', () => {
    const size = { name: 'mine', sessions: 5, targets: 1, listeners: 0 };
    const { needs } = modelTables(measured, [size], { ...usualAssumptions, engine: 'none', cachedShare: 1 });
    expect(needs.columns).toEqual(['reckoned', 'mine']);
    expect(needs.rows.find(([name]) => name === 'engine calls, a minute')?.[1]).toBe('0');
    expect(needs.rows.find(([name]) => name === 'of one master: the rate limit')?.[1]).toBe('0 cores');
    expect(() => modelTables(measured, [])).toThrow(RangeError);
  });

  it('checks nothing that it does not know', () => {
    const [first] = measured.checked;
    if (first === undefined) throw new Error('nothing was checked');
    const other = { ...measured, checked: [{ ...first, name: 'another load' }] };
    expect(() => modelTables(other)).toThrow('no load to check is named "another load"');
  });
});
