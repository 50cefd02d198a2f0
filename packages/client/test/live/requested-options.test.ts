import { describe, expect, it } from '@jest/globals';
import { RequestedOptions } from '../../src/live/requested-options.ts';

const started = (): RequestedOptions => new RequestedOptions({ sourceLanguage: 'en', targetLanguages: ['es'] });

describe('RequestedOptions', () => {
  it('merges old updates without changing the result', () => {
    const requested = started();
    requested.addUpdate('first', { targetLanguages: ['fr'], formality: 'formal' });
    for (let count = 0; count < 1000; count += 1) requested.addUpdate(`u${count}`, { context: `context ${count}` });
    expect(requested.size).toBeLessThanOrEqual(64);
    expect([...requested.targets.languages]).toEqual(['fr']);
    const all = { targetLanguages: ['fr'], formality: 'formal', context: 'context 999' };
    expect(requested.mergeUpdates('again')).toEqual(all);
    expect(requested.mergeIntoStart()).toEqual({ sourceLanguage: 'en', ...all });
  });

  it('reverts recent updates one by one', () => {
    const requested = started();
    for (let count = 0; count < 100; count += 1) requested.addUpdate(`u${count}`, { context: `context ${count}` });
    requested.addUpdate('targets', { targetLanguages: ['fr'] });
    requested.addUpdate('last', { context: 'the last' });
    requested.revert('targets');
    requested.revert('last');
    expect([...requested.targets.languages]).toEqual(['es']);
    expect(requested.mergeUpdates('again')).toEqual({ context: 'context 99' });
  });
});
