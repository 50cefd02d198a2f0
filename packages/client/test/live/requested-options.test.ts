import { describe, expect, it } from '@jest/globals';
import { AskedOptions } from '../../src/live/asked-options.ts';

const started = (): AskedOptions => new AskedOptions({ sourceLanguage: 'en', targetLanguages: ['es'] });

describe('many updates', () => {
  it('are kept as few, and ask for the same', () => {
    const asked = started();
    asked.update('first', { targetLanguages: ['fr'], formality: 'formal' });
    for (let count = 0; count < 1000; count += 1) asked.update(`u${count}`, { context: `context ${count}` });
    expect(asked.size).toBeLessThanOrEqual(64);
    expect([...asked.targets.languages]).toEqual(['fr']);
    const all = { targetLanguages: ['fr'], formality: 'formal', context: 'context 999' };
    expect(asked.repeated('again')).toEqual(all);
    expect(asked.restarted()).toEqual({ sourceLanguage: 'en', ...all });
  });

  it('can still be refused one by one, as long as they are new', () => {
    const asked = started();
    for (let count = 0; count < 100; count += 1) asked.update(`u${count}`, { context: `context ${count}` });
    asked.update('targets', { targetLanguages: ['fr'] });
    asked.update('last', { context: 'the last' });
    asked.refused('targets');
    asked.refused('last');
    expect([...asked.targets.languages]).toEqual(['es']);
    expect(asked.repeated('again')).toEqual({ context: 'context 99' });
  });
});
