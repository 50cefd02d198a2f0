import { describe, expect, it } from '@jest/globals';
import { describeViolation, violationCodes, type ViolationCode } from '../src/index.ts';
import {
  accepted,
  codesOf,
  corrected,
  end,
  failed,
  check,
  markedOptions,
  sentFinal,
  sentPartial,
  shown,
  start,
  translated,
  completeSegment,
  type Entry,
} from './history.ts';
import { invalidResumes } from './resume-histories.ts';

describe('a history with a violation', () => {
  const invalid: [ViolationCode, string, Entry[]][] = [
    ['unknown-target', 'a partial', [...start(), sentPartial(1, 1), shown(1, 1, 'fr')]],
    [
      'unknown-target',
      'a final',
      [...start(), sentFinal(1), accepted(1), translated(1, 1001), translated(1, 1002, 'fr')],
    ],
    [
      'unknown-target',
      'a final after its target was taken away',
      [
        ...start(['es', 'ca']),
        { sent: { type: 'session.update', id: 'u', targetLanguages: ['es'] } },
        sentFinal(1),
        accepted(1),
        translated(1, 1001),
        translated(1, 1002, 'ca'),
      ],
    ],
    ['unknown-revision', 'never sent', [...start(), sentPartial(1, 1), shown(1, 2)]],
    [
      'unknown-revision',
      'no preview: below what was sent',
      [...start(), sentPartial(1, 1), sentPartial(1, 3), sentFinal(1), accepted(1), shown(1, 2), translated(1, 1001)],
    ],
    ['unknown-revision', 'of a segment never begun', [...start(), shown(7, 1)]],
    ['revision-decreased', '', [...start(), sentPartial(1, 1), sentPartial(1, 2), shown(1, 2), shown(1, 1)]],
    ['revision-repeated', '', [...start(), sentPartial(1, 1), shown(1, 1), shown(1, 1)]],
    [
      'concluded-changed',
      'to something else',
      [
        ...start(),
        sentPartial(1, 1),
        sentPartial(1, 2),
        shown(1, 1, 'es', undefined, 13),
        shown(1, 2, 'es', undefined, 13),
      ],
    ],
    [
      'concluded-changed',
      'to less',
      [
        ...start(),
        sentPartial(1, 1),
        sentPartial(1, 2),
        shown(1, 1, 'es', undefined, 9),
        shown(1, 2, 'es', undefined, 8),
      ],
    ],
    [
      'concluded-changed',
      'in a preview of the final',
      [
        ...start(),
        sentPartial(1, 1),
        shown(1, 1, 'es', undefined, 13),
        sentFinal(1),
        accepted(1),
        shown(1, 2, 'es', '[es] said 1', 11),
        translated(1, 1001),
      ],
    ],
    ['partial-after-final', '', [...start(), ...completeSegment(1, 1001), shown(1, 2)]],
    [
      'partial-after-final',
      'after a failure',
      [...start(), sentPartial(1, 1), sentFinal(1), accepted(1), failed(1, 1001), shown(1, 1)],
    ],
    ['final-never-sent', 'only partials', [...start(), sentPartial(1, 1), translated(1, 1001)]],
    ['final-never-sent', 'nothing at all', [...start(), translated(1, 1001)]],
    ['final-duplicated', 'translated twice', [...start(), ...completeSegment(1, 1001), translated(1, 1002)]],
    [
      'final-duplicated',
      'failed, then translated',
      [...start(), sentFinal(1), accepted(1), failed(1, 1001), translated(1, 1002)],
    ],
    ['final-not-accepted', 'no answer', [...start(), sentFinal(1)]],
    ['final-not-accepted', 'translated, yet never accepted', [...start(), sentFinal(1), translated(1, 1001)]],
    ['final-lost', 'the only target', [...start(), sentFinal(1), accepted(1)]],
    ['final-lost', 'one of two', [...start(['es', 'ca']), sentFinal(1), accepted(1), translated(1, 1001, 'ca')]],
    [
      'final-out-of-order',
      '',
      [...start(), sentFinal(1), sentFinal(2), accepted(1), accepted(2), translated(2, 1001), translated(1, 1002)],
    ],
    ['unsolicited-acceptance', 'no final', [...start(), sentPartial(1, 1), accepted(1)]],
    [
      'unsolicited-acceptance',
      'once too often',
      [...start(), sentFinal(1), accepted(1), accepted(1), translated(1, 1001)],
    ],
    ['offset-decreased', '', [...start(), ...completeSegment(1, 1005), ...completeSegment(2, 1004)]],
    ['offset-decreased', 'below the start', [...start(), ...completeSegment(1, 999)]],
    ['offset-repeated', '', [...start(), ...completeSegment(1, 1005), ...completeSegment(2, 1005)]],
    [
      'wrong-text',
      "another segment's",
      [...start(), sentFinal(1), accepted(1), translated(1, 1001, 'es', '[es] said 2')],
    ],
    [
      'wrong-text',
      'another language',
      [...start(), sentFinal(1), accepted(1), translated(1, 1001, 'es', '[ca] said 1')],
    ],
    ['wrong-text', 'the source itself', [...start(), sentFinal(1), accepted(1), translated(1, 1001, 'es', 'said 1')]],
    ['wrong-text', 'nothing', [...start(), sentFinal(1), accepted(1), translated(1, 1001, 'es', '')]],
    ['wrong-text', 'something out of nothing', [...start(), sentFinal(1, ''), accepted(1), translated(1, 1001)]],
    [
      'wrong-text',
      "another revision's",
      [...start(), sentPartial(1, 1), sentPartial(1, 2), shown(1, 2, 'es', '[es] said 1.1')],
    ],
    [
      'correction-before-final',
      '',
      [...start(), sentFinal(1), accepted(1), corrected(1, 1001, 'x'), translated(1, 1002)],
    ],
    ['message-after-end', '', [...start(), sentFinal(1), accepted(1), ...end, translated(1, 1001)]],
    ...invalidResumes,
  ];

  it.each(invalid)('%s: %s', (code, _name, history) => {
    const isLossless = code === 'accepted-then-missing';
    expect(codesOf(history, { ...markedOptions, isLossless })).toEqual([code]);
  });

  it('covers every code but those of listeners', () => {
    const ofListeners = ['correction-lost', 'correction-differs'];
    const codes = new Set([...invalid.map(([code]) => code), ...ofListeners]);
    expect(codes).toEqual(new Set(Object.keys(violationCodes)));
  });

  it('is described with its place and without transcript text', () => {
    const { violations } = check(
      [...start(), sentFinal(3), accepted(3), translated(3, 1001, 'es', '[es] secret')],
      markedOptions,
    );
    expect(violations).toEqual([{ code: 'wrong-text', segmentId: 3, targetLanguage: 'es', offset: 1001 }]);
    expect(violations.map(describeViolation)).toEqual([
      'wrong-text: a translation that is not one of its own text (segment 3, target es, offset 1001)',
    ]);
  });
});
