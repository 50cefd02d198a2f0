import { describe, expect, it } from '@jest/globals';
import { createListenerChecker, sourceOfMarked, type SpokenSession, type ViolationCode } from '../src/index.ts';
import {
  accepted,
  comeBack,
  end,
  sentFinal,
  sentPartial,
  shown,
  sourceFinal,
  sourcePartial,
  start,
  told,
  translated,
  type Entry,
} from './history.ts';

/** The host says segments 1 to 4, into Spanish; entries are 10 ms apart, from 0. */
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

function spokenBy(history: readonly Entry[]): SpokenSession {
  const spoken = told(history).spoken('s');
  if (spoken === undefined) throw new Error('the host has started no session');
  return spoken;
}

/** A listener's message, and when. */
type Heard = readonly [atMs: number, Entry];

const join = (targetLanguages: string[], offset?: number): Entry => ({
  sent: { type: 'session.join', joinCode: 'j', targetLanguages, ...(offset === undefined ? {} : { offset }) },
});

const joined = (offset: number, recovered = true): Entry => ({
  received: { type: 'session.joined', sessionId: 's', sourceLanguage: 'en', offset, recovered },
});

const ended: Entry = {
  received: { type: 'session.ended', usage: { segments: 0, translations: 0, cached: 0, tokens: 0 } },
};

const gone: Entry = { socket: 'disconnected' };

const hola: Entry = {
  received: { type: 'transcript.final', segmentId: 4, text: 'hola', language: 'es', offset: 1035 },
};

const inEnglish: Entry = {
  received: { type: 'transcript.final', segmentId: 4, text: 'hola', language: 'en', offset: 1035 },
};

function codesOf(heard: readonly Heard[], spoken = spokenBy(hostHistory)): string[] {
  const checker = createListenerChecker({ sourceOf: sourceOfMarked, exactPartials: true });
  for (const [atMs, entry] of heard) {
    if ('socket' in entry) checker[entry.socket](atMs);
    else if ('sent' in entry) checker.sent(entry.sent, atMs);
    else checker.received(entry.received, atMs);
  }
  return checker.finish(spoken).map(({ code }) => code);
}

const from = (atMs: number, ...entries: Entry[]): Heard[] => entries.map((entry) => [atMs, entry]);
const joinsAt = (atMs: number, languages: string[], head: number, offset?: number): Heard[] =>
  from(atMs, join(languages, offset), joined(head));

const lateTwo = [translated(2, 1020), translated(3, 1030)];
const lastOne = translated(4, 1040, 'es', 'hola');

describe('a listener who gets what is due', () => {
  const good: Record<string, Heard[]> = {
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
      [70, gone],
      ...joinsAt(120, ['es'], 1020, 1010),
      ...from(150, ...lateTwo, lastOne, ended),
    ],
    'gone before the rest came': [...joinsAt(15, ['es'], 1000), ...from(65, translated(1, 1010)), [70, gone]],
    'back where the log no longer reaches': [
      ...joinsAt(15, ['es'], 1000),
      [25, gone],
      ...from(135, join(['es'], 1000), joined(1030, false)),
      ...from(150, lastOne, ended),
    ],
    'a language of its own, only while it is there': [
      ...joinsAt(65, ['fr'], 1010),
      ...from(100, translated(2, 1021, 'fr')),
      [105, gone],
      ...joinsAt(135, ['fr'], 1030, 1021),
      ...from(150, translated(4, 1041, 'fr', '[fr] hola'), ended),
    ],
    'the newest partial once more after coming back': [
      ...joinsAt(15, ['es'], 1000),
      ...from(45, shown(1, 2)),
      [46, gone],
      ...joinsAt(47, ['es'], 1000, 1000),
      ...from(48, shown(1, 2)),
    ],
  };

  it.each(Object.entries(good))('%s', (_name, heard) => {
    expect(codesOf(heard)).toEqual([]);
  });

  it('a second time, where the host had to send it again', () => {
    const history = [
      ...start(),
      sentFinal(1),
      accepted(1),
      translated(1, 1010),
      ...comeBack(1010, [], [1]),
      sentFinal(1, 'said 1', 'again'),
      accepted(1),
      translated(1, 1020),
    ];
    const heard = [...joinsAt(15, ['es'], 1000), ...from(100, translated(1, 1010), translated(1, 1020), ended)];
    expect(codesOf(heard, spokenBy(history))).toEqual([]);
    expect(codesOf([...heard.slice(0, -1), ...from(100, translated(1, 1030))], spokenBy(history))).toEqual([
      'final-doubled',
    ]);
  });
});

describe('a broken promise to a listener', () => {
  const all = [translated(1, 1010), ...lateTwo, lastOne, ended];
  const here = joinsAt(15, ['es'], 1000);
  const transcripts = joinsAt(15, ['en'], 1000);
  const broken: [ViolationCode, string, Heard[]][] = [
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
        [70, gone],
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
    ['final-doubled', '', [...here, ...from(150, ...all.toSpliced(1, 0, translated(1, 1011)))]],
    ['final-doubled', 'a transcript', [...transcripts, ...from(65, sourceFinal(1, 1005), sourceFinal(1, 1006))]],
    ['final-never-sent', '', [...here, ...from(65, translated(7, 1005))]],
    ['partial-after-final', '', [...here, ...from(65, translated(1, 1010), shown(1, 2))]],
    [
      'partial-after-final',
      'of the transcript',
      [...transcripts, ...from(65, sourceFinal(1, 1005), sourcePartial(1, 2))],
    ],
    ['revision-went-back', '', [...here, ...from(45, shown(1, 2), shown(1, 1))]],
    ['revision-repeated', '', [...transcripts, ...from(45, sourcePartial(1, 2), sourcePartial(1, 2))]],
    ['unknown-revision', '', [...here, ...from(45, shown(7, 1))]],
    ['unknown-revision', 'of the transcript', [...transcripts, ...from(45, sourcePartial(1, 9))]],
    ['unknown-target', '', [...here, ...from(45, shown(1, 1, 'fr'))]],
    ['transcript-unasked', '', [...here, ...from(45, sourcePartial(1, 1))]],
    ['wrong-text', 'a translation', [...here, ...from(65, translated(1, 1010, 'es', '[es] said 2'))]],
    ['wrong-text', 'a partial', [...here, ...from(65, shown(1, 2, 'es', '[es] said 1.1'))]],
    ['wrong-text', 'a transcript', [...transcripts, ...from(65, sourceFinal(1, 1005, 'said 2'))]],
    ['wrong-text', 'a partial transcript', [...transcripts, ...from(65, sourcePartial(1, 1, 'said 1'))]],
    [
      'wrong-text',
      'a transcript in another language',
      [...transcripts, ...from(65, sourceFinal(1, 1005), sourceFinal(2, 1015), sourceFinal(3, 1025), inEnglish, ended)],
    ],
    ['offset-went-back', '', [...here, ...from(150, translated(1, 1010), translated(2, 1009))]],
    ['offset-repeated', '', [...here, ...from(150, translated(1, 1010), translated(2, 1010))]],
    [
      'delivered-again',
      '',
      [
        ...here,
        ...from(65, translated(1, 1010)),
        [70, gone],
        ...joinsAt(75, ['es'], 1010, 1015),
        ...from(100, translated(2, 1015)),
      ],
    ],
    ['resumed-unasked', '', [...here, [16, joined(1000)]]],
    ['message-after-end', '', [...here, ...from(150, ...all, ended)]],
  ];

  it.each(broken)('%s: %s', (code, _name, heard) => {
    expect(codesOf(heard)).toEqual([code]);
  });
});
