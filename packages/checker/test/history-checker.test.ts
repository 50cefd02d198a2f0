import { describe, expect, it } from '@jest/globals';
import { describeViolation, sourceOfMarked, violationCodes, type ViolationCode } from '../src/index.ts';
import {
  accepted,
  codesOf,
  end,
  failed,
  judge,
  refused,
  sentFinal,
  sentPartial,
  shown,
  start,
  translated,
  type Entry,
} from './history.ts';
import { brokenResumes, goodResumes } from './resume-histories.ts';

const marked = { sourceOf: sourceOfMarked, exactPartials: true, losesNothing: false };

/** A segment that was spoken, shown, settled and translated. */
const whole = (segmentId: number, offset: number): Entry[] => [
  sentPartial(segmentId, 1),
  sentPartial(segmentId, 2),
  shown(segmentId, 2),
  sentFinal(segmentId),
  accepted(segmentId),
  translated(segmentId, offset),
];

describe('a history that keeps every promise', () => {
  const good: Record<string, Entry[]> = {
    'an ordinary one': [...start(), ...whole(1, 1001), ...whole(2, 1002), ...end],
    'revisions that are overtaken': [
      ...start(),
      sentPartial(1, 1),
      sentPartial(1, 2),
      sentPartial(1, 5),
      shown(1, 1),
      shown(1, 5),
    ],
    'a translation before the acceptance': [...start(), sentFinal(1), translated(1, 1001), accepted(1)],
    'a partial between final and translation': [
      ...start(),
      sentPartial(1, 1),
      sentFinal(1),
      accepted(1),
      shown(1, 1),
      translated(1, 1001),
    ],
    'previews of a long final': [
      ...start(),
      sentPartial(1, 1),
      sentFinal(1),
      accepted(1),
      shown(1, 2, 'es', '[es] s'),
      shown(1, 3, 'es', '[es] sa'),
      translated(1, 1001),
    ],
    'a failure instead of a translation': [...start(), sentFinal(1), accepted(1), failed(1, 1001)],
    'a final that was refused': [...start(), sentFinal(1), refused('final-1')],
    'a final that was refused and sent again': [
      ...start(),
      sentFinal(1),
      refused('final-1'),
      sentFinal(1, 'said 1', 'again'),
      accepted(1),
      translated(1, 1001),
    ],
    'a final that was sent twice': [
      ...start(),
      sentFinal(1),
      accepted(1),
      sentFinal(1, 'said 1', 'again'),
      accepted(1),
      translated(1, 1001),
    ],
    'another text for a settled segment, refused': [
      ...start(),
      sentFinal(1),
      accepted(1),
      sentFinal(1, 'other', 'again'),
      refused('again'),
      translated(1, 1001),
    ],
    'targets that change': [
      ...start(['es']),
      sentFinal(1),
      { sent: { type: 'session.update', id: 'u', targetLanguages: ['FR'] } },
      sentFinal(2),
      accepted(1),
      accepted(2),
      translated(1, 1001, 'es'),
      translated(2, 1002, 'fr'),
    ],
    'a change of targets that is refused': [
      ...start(['es']),
      { sent: { type: 'session.update', id: 'u', targetLanguages: ['fr'] } },
      sentFinal(1),
      refused('u'),
      accepted(1),
      translated(1, 1001, 'es'),
    ],
    'languages in another order each': [
      ...start(['es', 'ca']),
      sentFinal(1),
      sentFinal(2),
      accepted(1),
      accepted(2),
      translated(1, 1001, 'ca'),
      translated(2, 1002, 'ca'),
      translated(1, 1003, 'es'),
      translated(2, 1004, 'es'),
    ],
    'another order without `ordered`': [
      ...start(['es'], false),
      sentFinal(1),
      sentFinal(2),
      accepted(1),
      accepted(2),
      translated(2, 1001),
      translated(1, 1002),
    ],
    'a segment in the target language': [
      ...start(['es']),
      { sent: { type: 'transcript.final', segmentId: 1, text: 'hola', language: 'es' } },
      accepted(1),
      translated(1, 1001, 'es', 'hola'),
    ],
    'an empty final': [...start(), sentFinal(1, ''), accepted(1), translated(1, 1001, 'es', '')],
    'a pong after the end': [...start(), ...end, { received: { type: 'pong' } }],
    ...goodResumes,
  };

  it.each(Object.entries(good))('%s', (_name, history) => {
    expect(judge(history, marked).violations).toEqual([]);
  });
});

describe('a broken promise', () => {
  const broken: [ViolationCode, string, Entry[]][] = [
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
    ['revision-went-back', '', [...start(), sentPartial(1, 1), sentPartial(1, 2), shown(1, 2), shown(1, 1)]],
    ['revision-repeated', '', [...start(), sentPartial(1, 1), shown(1, 1), shown(1, 1)]],
    ['partial-after-final', '', [...start(), ...whole(1, 1001), shown(1, 2)]],
    [
      'partial-after-final',
      'after a failure',
      [...start(), sentPartial(1, 1), sentFinal(1), accepted(1), failed(1, 1001), shown(1, 1)],
    ],
    ['final-never-sent', 'only partials', [...start(), sentPartial(1, 1), translated(1, 1001)]],
    ['final-never-sent', 'nothing at all', [...start(), translated(1, 1001)]],
    ['final-doubled', 'translated twice', [...start(), ...whole(1, 1001), translated(1, 1002)]],
    [
      'final-doubled',
      'failed, then translated',
      [...start(), sentFinal(1), accepted(1), failed(1, 1001), translated(1, 1002)],
    ],
    ['final-not-accepted', 'no answer', [...start(), sentFinal(1)]],
    ['final-not-accepted', 'translated, yet never accepted', [...start(), sentFinal(1), translated(1, 1001)]],
    ['final-lost', 'the only target', [...start(), sentFinal(1), accepted(1)]],
    ['final-lost', 'one of two', [...start(['es', 'ca']), sentFinal(1), accepted(1), translated(1, 1001, 'ca')]],
    [
      'final-disordered',
      '',
      [...start(), sentFinal(1), sentFinal(2), accepted(1), accepted(2), translated(2, 1001), translated(1, 1002)],
    ],
    ['accepted-never-sent', 'no final', [...start(), sentPartial(1, 1), accepted(1)]],
    [
      'accepted-never-sent',
      'once too often',
      [...start(), sentFinal(1), accepted(1), accepted(1), translated(1, 1001)],
    ],
    ['offset-went-back', '', [...start(), ...whole(1, 1005), ...whole(2, 1004)]],
    ['offset-went-back', 'below the start', [...start(), ...whole(1, 999)]],
    ['offset-repeated', '', [...start(), ...whole(1, 1005), ...whole(2, 1005)]],
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
    ['message-after-end', '', [...start(), sentFinal(1), accepted(1), ...end, translated(1, 1001)]],
    ...brokenResumes,
  ];

  it.each(broken)('%s: %s', (code, _name, history) => {
    const losesNothing = code === 'accepted-then-missing';
    expect(codesOf(history, { ...marked, losesNothing })).toEqual([code]);
  });

  it('has a history here for every code', () => {
    expect(new Set(broken.map(([code]) => code))).toEqual(new Set(Object.keys(violationCodes)));
  });

  it('is told with its place and without what was said', () => {
    const { violations } = judge(
      [...start(), sentFinal(3), accepted(3), translated(3, 1001, 'es', '[es] secret')],
      marked,
    );
    expect(violations).toEqual([{ code: 'wrong-text', segmentId: 3, targetLanguage: 'es', offset: 1001 }]);
    expect(violations.map(describeViolation)).toEqual([
      'wrong-text: a translation that is not one of its own text (segment 3, target es, offset 1001)',
    ]);
  });
});

describe('without a way to tell the source', () => {
  it('still finds what no engine may do', () => {
    const upTo = [...start(), sentFinal(1), accepted(1)];
    expect(codesOf([...upTo, translated(1, 1001, 'es', 'lo que sea')])).toEqual([]);
    expect(codesOf([...upTo, translated(1, 1001, 'es', ' ')])).toEqual(['wrong-text']);
  });
});

describe('latencies and counts', () => {
  it('are measured from the sending of that very revision or final', () => {
    const { latency, counts } = judge([
      ...start(), // 0, 10
      sentPartial(1, 1), // 20
      sentPartial(1, 2), // 30
      sentPartial(1, 3), // 40
      shown(1, 2), // 50: 20 ms for revision 2; 1 and 2 have caught up
      sentFinal(1), // 60
      accepted(1), // 70
      translated(1, 1001), // 80
      sentFinal(2), // 90
      accepted(2), // 100
      failed(2, 1002), // 110
      sentFinal(3), // 120
      refused('final-3'),
    ]);
    expect(latency).toEqual({ partialMs: [20], caughtUpMs: [30, 20], finalMs: [20] });
    expect(counts).toEqual({
      partialsSent: 3,
      partialsShown: 1,
      finalsSent: 3,
      finalsTranslated: 1,
      finalsFailed: 1,
      errors: new Map([['temporarily-unavailable', 1]]),
    });
  });
});
