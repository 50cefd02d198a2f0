import { describe, expect, it } from '@jest/globals';
import { markTranslation, unmarkTranslation } from '../src/index.ts';
import { seededRandom } from '../src/seeded-random.ts';

const pieces = ['[', ']', '[es]', '[ca, simulated]', ', simulated', ' ', '\n', '\t', '\\', '(', 'é', '🙂', 'word', '.'];
const targets = ['es', 'ca', 'pt-BR', 'zh-Hans-CN', 'ca-valencia', 'oc-gascon'];

describe('marked text', () => {
  it('looks like [es] Hello.', () => {
    expect(markTranslation('Hello.', 'es')).toBe('[es] Hello.');
  });

  it('can be reversed for any text', () => {
    const random = seededRandom(7);
    const pick = <Item>(items: readonly [Item, ...Item[]]): Item =>
      items[Math.floor(random() * items.length)] ?? items[0];
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: Math.floor(random() * 8) }, () => pick(pieces as [string])).join('');
      const target = pick(targets as [string]);
      expect(unmarkTranslation(markTranslation(text, target))).toEqual({ text, target });
    }
  });

  it('is reversed one mark at a time', () => {
    const twice = markTranslation(markTranslation('Hello.', 'es'), 'ca');
    expect(unmarkTranslation(twice)).toEqual({ target: 'ca', text: '[es] Hello.' });
  });

  it('can be reversed with the label "simulated", and with trimmed white space', () => {
    expect(unmarkTranslation('[es, simulated] Hello.')).toEqual({ target: 'es', text: 'Hello.' });
    expect(unmarkTranslation('[es]')).toEqual({ target: 'es', text: '' });
  });

  it.each([
    '',
    'Hello.',
    ' [es] Hello.',
    '[es]Hello.',
    '[not a tag] Hello.',
    '[] Hello.',
    '[e] Hello.',
    '[es, other] Hello.',
  ])('is not recognized in %j', (text) => {
    expect(unmarkTranslation(text)).toBeUndefined();
  });
});
