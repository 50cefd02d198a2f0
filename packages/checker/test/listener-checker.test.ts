import { describe, expect, it } from '@jest/globals';
import { createListenerChecker, sourceOfMarked, type HostSession, type ViolationCode } from '../src/index.ts';
import {
  accepted,
  corrected,
  reconnect,
  end,
  resync,
  sentFinal,
  sentPartial,
  shown,
  sourceCorrected,
  sourceFinal,
  sourcePartial,
  start,
  replay,
  translated,
  type Entry,
} from './history.ts';

/** The host sends segments 1 to 4, translated into Spanish; entries are 10 ms apart, starting at 0. */
const hostHistory: Entry[] = [
  ...start(['es']),
  sentPartial(1, 1), // 20
  sentPartial(1, 2),
  sentFinal(1),
  accepted(1),
  translated(1, 1010), // 60
  sentPartial(2, 1), // 70
  sentFinal(2),
  accepted(2),
  translated(2, 1020), // 100
  sentFinal(3), // 110
  accepted(3),
  translated(3, 1030), // 130
  { sent: { type: 'transcript.final', segmentId: 4, text: 'hola', language: 'es' } }, // 140
  accepted(4),
  translated(4, 1040, 'es', 'hola'),
  ...end,
];

function hostSessionFrom(history: readonly Entry[]): HostSession {
  const host = replay(history).hostSession('s');
  if (host === undefined) throw new Error('the host has started no session');
  return host;
}

/** A message of the listener with its time. */
type TimedEntry = readonly [atMs: number, Entry];

const join = (targetLanguages: string[], offset?: number): Entry => ({
  sent: { type: 'session.join', joinCode: 'j', targetLanguages, ...(offset === undefined ? {} : { offset }) },
});

const joined = (offset: number, recovered = true): Entry => ({
  received: { type: 'session.joined', sessionId: 's', sourceLanguage: 'en', offset, recovered },
});

const ended: Entry = {
  received: { type: 'session.ended', usage: { segments: 0, translations: 0, cached: 0, tokens: 0 } },
};

const disconnected: Entry = { socket: 'disconnected' };

const hola: Entry = {
  received: { type: 'transcript.final', segmentId: 4, text: 'hola', language: 'es', offset: 1035 },
};

const inEnglish: Entry = {
  received: { type: 'transcript.final', segmentId: 4, text: 'hola', language: 'en', offset: 1035 },
};

function codesOf(received: readonly TimedEntry[], host = hostSessionFrom(hostHistory)): string[] {
  const checker = createListenerChecker({ sourceOf: sourceOfMarked, exactPartials: true });
  for (const [atMs, entry] of received) {
    if ('socket' in entry) checker[entry.socket](atMs);
    else if ('sent' in entry) checker.sent(entry.sent, atMs);
    else checker.received(entry.received, atMs);
  }
  return checker.finish(host).map(({ code }) => code);
}

const from = (atMs: number, ...entries: Entry[]): TimedEntry[] => entries.map((entry) => [atMs, entry]);
const joinsAt = (atMs: number, languages: string[], head: number, offset?: number): TimedEntry[] =>
  from(atMs, join(languages, offset), joined(head));

const lateTwo = [translated(2, 1020), translated(3, 1030)];
const lastOne = translated(4, 1040, 'es', 'hola');

describe('a listener that receives everything due', () => {
  const valid: Record<string, TimedEntry[]> = {
    'from the beginning': [
      ...joinsAt(15, ['es'], 1000),
      ...from(65, shown(1, 2), translated(1, 1010), ...lateTwo, lastOne, ended),
    ],
    'the transcript itself': [
      ...joinsAt(15, ['en'], 1000),
      ...from(65, sourcePartial(1, 1), sourcePartial(1, 2), sourceFinal(1, 1005), sourceFinal(2, 1015)),
      ...from(150, sourceFinal(3, 1025), hola, ended),
    ],
    'late, with the newest first': [
      ...joinsAt(65, ['es'], 1010),
      ...from(150, translated(1, 1010), ...lateTwo, lastOne),
    ],
    'late, without what was before': [...joinsAt(65, ['es'], 1010), ...from(150, ...lateTwo, lastOne, ended)],
    'all that the log holds': [
      ...joinsAt(150, ['es'], 1040, 0),
      ...from(150, translated(1, 1010), ...lateTwo, lastOne, ended),
    ],
    'back with an offset': [
      ...joinsAt(15, ['es'], 1000),
      ...from(65, translated(1, 1010)),
      [70, disconnected],
      ...joinsAt(120, ['es'], 1020, 1010),
      ...from(150, ...lateTwo, lastOne, ended),
    ],
    'gone before the rest came': [...joinsAt(15, ['es'], 1000), ...from(65, translated(1, 1010)), [70, disconnected]],
    'back where the log no longer reaches': [
      ...joinsAt(15, ['es'], 1000),
      [25, disconnected],
      ...from(135, join(['es'], 1000), joined(1030, false)),
      ...from(150, lastOne, ended),
    ],
    'a language of its own, only while it is there': [
      ...joinsAt(65, ['fr'], 1010),
      ...from(100, translated(2, 1021, 'fr')),
      [105, disconnected],
      ...joinsAt(135, ['fr'], 1030, 1021),
      ...from(150, translated(4, 1041, 'fr', '[fr] hola'), ended),
    ],
    'the newest partial again after a reconnect': [
      ...joinsAt(15, ['es'], 1000),
      ...from(45, shown(1, 2)),
      [46, disconnected],
      ...joinsAt(47, ['es'], 1000, 1000),
      ...from(48, shown(1, 2)),
    ],
  };

  it.each(Object.entries(valid))('%s', (_name, received) => {
    expect(codesOf(received)).toEqual([]);
  });

  it('accepts a duplicate after the host had to send a final again', () => {
    const history = [
      ...start(),
      sentFinal(1),
      accepted(1),
      translated(1, 1010),
      ...reconnect(1010, [], [1]),
      sentFinal(1, 'said 1', 'again'),
      accepted(1),
      translated(1, 1020),
    ];
    const received = [...joinsAt(15, ['es'], 1000), ...from(100, translated(1, 1010), translated(1, 1020), ended)];
    expect(codesOf(received, hostSessionFrom(history))).toEqual([]);
    expect(codesOf([...received.slice(0, -1), ...from(100, translated(1, 1030))], hostSessionFrom(history))).toEqual([
      'final-duplicated',
    ]);
  });
});

describe('I39: what is concluded for several clients', () => {
  /** The host receives `[es] said 1.` as concluded, and nothing in French. */
  const history: Entry[] = [
    ...start(['es']),
    sentPartial(1, 1),
    sentPartial(1, 2),
    sentPartial(1, 3),
    shown(1, 1, 'es', undefined, 5),
    shown(1, 2, 'es', undefined, 12),
  ];
  const verdictsOf = (...listeners: Entry[][]): string[][] => {
    const host = hostSessionFrom(history);
    return listeners.map((received) => codesOf([...joinsAt(15, ['es', 'fr'], 1000), ...from(75, ...received)], host));
  };

  it('may be more or less of the same text', () => {
    const listeners = [
      [shown(1, 3, 'es', undefined, 13), shown(1, 2, 'fr', undefined, 13)],
      [shown(1, 1, 'es', undefined, 4)],
      [shown(1, 3, 'es'), shown(1, 1, 'fr', undefined, 7)],
      [],
    ];
    expect(verdictsOf(...listeners)).toEqual([[], [], [], []]);
  });

  it('may not differ from what the host received', () => {
    const other = shown(1, 3, 'es', '[es] dicho 1.3', 8);
    const checker = createListenerChecker();
    for (const entry of [join(['es']), joined(1000), other]) {
      if ('sent' in entry) checker.sent(entry.sent, 15);
      else if ('received' in entry) checker.received(entry.received, 75);
    }
    expect(checker.finish(hostSessionFrom(history))).toEqual([
      { code: 'concluded-changed', segmentId: 1, targetLanguage: 'es' },
    ]);
  });

  it('may not differ between listeners', () => {
    const [one, other] = [shown(1, 1, 'fr', undefined, 13), shown(1, 2, 'fr', undefined, 13)];
    expect(verdictsOf([one], [other], [one])).toEqual([[], ['concluded-changed'], []]);
  });

  it('is only extended for a listener', () => {
    expect(verdictsOf([shown(1, 1, 'fr', undefined, 8), shown(1, 2, 'fr', undefined, 7)])).toEqual([
      ['concluded-changed'],
    ]);
  });

  it('is not compared after the server lost it', () => {
    const lost = shown(1, 1, 'fr', undefined, 13);
    const again = [resync, join(['es', 'fr']), joined(1000), shown(1, 2, 'fr', undefined, 13)];
    expect(verdictsOf([lost], [lost, ...again])).toEqual([[], []]);
  });
});

describe('a violation towards a listener', () => {
  const all = [translated(1, 1010), ...lateTwo, lastOne, ended];
  const here = joinsAt(15, ['es'], 1000);
  const transcripts = joinsAt(15, ['en'], 1000);
  const invalid: [ViolationCode, string, TimedEntry[]][] = [
    ['final-lost', 'one of all', [...here, ...from(150, ...all.toSpliced(1, 1))]],
    ['final-lost', 'before the last offset seen', [...here, ...from(150, translated(1, 1010), translated(3, 1030))]],
    [
      'final-lost',
      'settled after it joined',
      [...joinsAt(65, ['es'], 1010), ...from(150, translated(3, 1030), lastOne)],
    ],
    [
      'final-lost',
      'while it was away',
      [
        ...here,
        ...from(65, translated(1, 1010)),
        [70, disconnected],
        ...joinsAt(120, ['es'], 1020, 1010),
        ...from(150, translated(3, 1030)),
      ],
    ],
    [
      'final-lost',
      'of all that the log holds',
      [...joinsAt(150, ['es'], 1040, 0), ...from(150, ...all.toSpliced(0, 1))],
    ],
    [
      'final-lost',
      'a transcript',
      [...transcripts, ...from(150, sourceFinal(1, 1005), sourceFinal(2, 1015), hola, ended)],
    ],
    [
      'final-lost',
      'in a language of its own',
      [...joinsAt(105, ['fr'], 1020), ...from(150, translated(3, 1031, 'fr'), ended)],
    ],
    ['final-duplicated', '', [...here, ...from(150, ...all.toSpliced(1, 0, translated(1, 1011)))]],
    ['final-duplicated', 'a transcript', [...transcripts, ...from(65, sourceFinal(1, 1005), sourceFinal(1, 1006))]],
    ['final-never-sent', '', [...here, ...from(65, translated(7, 1005))]],
    ['partial-after-final', '', [...here, ...from(65, translated(1, 1010), shown(1, 2))]],
    [
      'partial-after-final',
      'of the transcript',
      [...transcripts, ...from(65, sourceFinal(1, 1005), sourcePartial(1, 2))],
    ],
    ['revision-decreased', '', [...here, ...from(45, shown(1, 2), shown(1, 1))]],
    ['revision-repeated', '', [...transcripts, ...from(45, sourcePartial(1, 2), sourcePartial(1, 2))]],
    ['unknown-revision', '', [...here, ...from(45, shown(7, 1))]],
    ['unknown-revision', 'of the transcript', [...transcripts, ...from(45, sourcePartial(1, 9))]],
    ['unknown-target', '', [...here, ...from(45, shown(1, 1, 'fr'))]],
    ['unsolicited-transcript', '', [...here, ...from(45, sourcePartial(1, 1))]],
    ['wrong-text', 'a translation', [...here, ...from(65, translated(1, 1010, 'es', '[es] said 2'))]],
    ['wrong-text', 'a partial', [...here, ...from(65, shown(1, 2, 'es', '[es] said 1.1'))]],
    ['wrong-text', 'a transcript', [...transcripts, ...from(65, sourceFinal(1, 1005, 'said 2'))]],
    ['wrong-text', 'a partial transcript', [...transcripts, ...from(65, sourcePartial(1, 1, 'said 1'))]],
    [
      'wrong-text',
      'a transcript in another language',
      [...transcripts, ...from(65, sourceFinal(1, 1005), sourceFinal(2, 1015), sourceFinal(3, 1025), inEnglish, ended)],
    ],
    ['offset-decreased', '', [...here, ...from(150, translated(1, 1010), translated(2, 1009))]],
    ['offset-repeated', '', [...here, ...from(150, translated(1, 1010), translated(2, 1010))]],
    [
      'entry-redelivered',
      '',
      [
        ...here,
        ...from(65, translated(1, 1010)),
        [70, disconnected],
        ...joinsAt(75, ['es'], 1010, 1015),
        ...from(100, translated(2, 1015)),
      ],
    ],
    ['unsolicited-resume', '', [...here, [16, joined(1000)]]],
    ['message-after-end', '', [...here, ...from(150, ...all, ended)]],
  ];

  it.each(invalid)('%s: %s', (code, _name, received) => {
    expect(codesOf(received)).toEqual([code]);
  });
});

describe('the corrections of a listener', () => {
  const host = hostSessionFrom([
    ...hostHistory.slice(0, -end.length),
    corrected(1, 1050, 'uno'),
    sourceCorrected(1, 1055, 'one'),
    corrected(1, 1060, 'un'),
    ...end,
  ]);
  const before = [...joinsAt(15, ['es'], 1000), ...from(150, translated(1, 1010), ...lateTwo, lastOne)];
  const cases: [codes: ViolationCode[], name: string, received: Entry[]][] = [
    [[], 'all of its language', [corrected(1, 1050, 'uno'), corrected(1, 1060, 'un'), ended]],
    [[], 'those before it left', [corrected(1, 1050, 'uno')]],
    [['correction-lost'], 'one is missing', [corrected(1, 1060, 'un'), ended]],
    [['correction-differs'], 'another text', [corrected(1, 1050, 'dos'), corrected(1, 1060, 'un'), ended]],
    [['offset-repeated'], 'one twice', [corrected(1, 1050, 'uno'), corrected(1, 1050, 'uno')]],
    [['offset-decreased'], 'another order', [corrected(1, 1060, 'un'), corrected(1, 1050, 'uno')]],
    [['unsolicited-transcript'], 'a transcript', [corrected(1, 1050, 'uno'), sourceCorrected(1, 1055, 'one')]],
  ];

  it.each(cases)('are judged: %j for %s', (codes, _name, received) => {
    expect(codesOf([...before, ...from(200, ...received)], host)).toEqual(codes);
  });

  it('must not precede the final, nor for the host', () => {
    const early = [...joinsAt(15, ['es'], 1000), ...from(150, corrected(1, 1005, 'uno'), translated(1, 1010))];
    expect(codesOf(early)).toEqual(['correction-before-final']);
    const report = replay([
      ...start(['es']),
      sentFinal(1),
      accepted(1),
      corrected(1, 1005, 'uno'),
      translated(1, 1010),
    ]);
    expect(report.finish().violations.map(({ code }) => code)).toEqual(['correction-before-final']);
  });
});
