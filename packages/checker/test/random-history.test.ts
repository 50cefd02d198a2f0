import { describe, expect, it } from '@jest/globals';
import type { ServerMessage, TranslationPartial } from '@parley/protocol';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { sourceOfMarked, type ViolationCode } from '../src/index.ts';
import {
  accepted,
  codesOf,
  reconnect,
  end,
  sentFinal,
  sentPartial,
  shown,
  start,
  translated,
  type Entry,
} from './history.ts';

const options = { sourceOf: sourceOfMarked, exactPartials: true };
const targets = ['es', 'ca', 'fr'];
const firstSeed = testSeed('random histories');
const rounds = 60;

/** Random integers from 0 up to, but not including, the argument. */
function randomNumbers(seed: number): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
}

/** A whole session: consecutive segments, some revisions displayed, every final translated in order. */
function validHistory(random: (below: number) => number): Entry[] {
  const history = [...start(targets)];
  let offset = 1000;
  for (let segmentId = 1; segmentId <= 6; segmentId += 1) {
    const concluded = new Map<string, number>();
    for (let revision = 1; revision <= 4; revision += 1) {
      history.push(sentPartial(segmentId, revision));
      for (const target of targets) {
        const before = concluded.get(target) ?? 0;
        // Up to `[es] said 1.`, which all revisions have in common.
        concluded.set(target, before + random(13 - before));
        if (random(3) > 0) history.push(shown(segmentId, revision, target, undefined, concluded.get(target)));
      }
    }
    history.push(sentFinal(segmentId), accepted(segmentId));
    for (const target of targets) history.push(translated(segmentId, (offset += 1 + random(5)), target));
  }
  return [...history, ...end];
}

/** The same session with a lost connection at some entry; an acceptance in flight arrives with the resume. */
function interruptedAt(history: readonly Entry[], at: number): Entry[] {
  const sent = new Set<number>();
  const acceptances = new Set<number>();
  const open = new Map<number, Set<string>>();
  let offset = 1000;
  for (const entry of history.slice(0, at)) {
    if ('sent' in entry && entry.sent.type === 'transcript.final') {
      sent.add(entry.sent.segmentId);
      open.set(entry.sent.segmentId, new Set(targets));
    }
    if (!('received' in entry)) continue;
    if (entry.received.type === 'transcript.accepted') acceptances.add(entry.received.segmentId);
    if (entry.received.type !== 'translation.final') continue;
    offset = entry.received.offset;
    open.get(entry.received.segmentId)?.delete(entry.received.targetLanguage);
  }
  const held = [...sent].filter((id) => !acceptances.has(id) || (open.get(id)?.size ?? 0) > 0);
  const rest = history.slice(at).filter((entry) => {
    const isAcceptance = 'received' in entry && entry.received.type === 'transcript.accepted';
    return !isAcceptance || !held.includes((entry.received as { segmentId: number }).segmentId);
  });
  return [...history.slice(0, at), ...reconnect(offset, held), ...rest];
}

/** A valid session over several connections. */
function withInterruptions(random: (below: number) => number): Entry[] {
  const completeSegment = validHistory(random);
  const places = Array.from({ length: 1 + random(4) }, () => 2 + random(completeSegment.length - 10)).sort(
    (a, b) => b - a,
  );
  return places.reduce<Entry[]>((history, at) => interruptedAt(history, at), completeSegment);
}

const resumeMutations: Partial<Record<ViolationCode, Mutation>> = {
  'final-lost': (history) => {
    const resumedAt = indexesOf(history, 'session.resumed').at(-1) ?? 0;
    const after = indexesOf(history, 'translation.final').filter((at) => at > resumedAt);
    return history.toSpliced(after[0] ?? 0, 1);
  },
  'entry-redelivered': (history, random) => {
    const resumedAt = indexesOf(history, 'session.resumed').at(-1) ?? 0;
    const after = indexesOf(history, 'translation.final').filter((at) => at > resumedAt);
    return withFields(history, pick(after, random), { offset: 1000 });
  },
  'final-duplicated': (history, random) => {
    const finals = indexesOf(history, 'translation.final');
    const again = history.slice(finals[0] ?? 0, (finals[0] ?? 0) + 1);
    const last = finals.at(-1) ?? 0;
    const offset = 100_000 + random(10);
    return withFields(history.toSpliced(last + 1, 0, ...again), last + 1, { offset });
  },
  'held-final-misreported': (history, random) =>
    withFields(history, pick(indexesOf(history, 'session.resumed'), random), { missing: [77] }),
  'unsolicited-resume': (history, random) => {
    const at = pick(indexesOf(history, 'session.resumed'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
};

type Mutation = (history: Entry[], random: (below: number) => number) => Entry[];

function indexesOf(history: readonly Entry[], type: ServerMessage['type']): number[] {
  return [...history.keys()].filter((at) => {
    const entry = history[at];
    return entry !== undefined && 'received' in entry && entry.received.type === type;
  });
}

function pick(places: readonly number[], random: (below: number) => number): number {
  return places[random(places.length)] ?? 0;
}

function partialAt(history: readonly Entry[], at: number): TranslationPartial {
  const entry = history[at];
  if (entry === undefined || !('received' in entry) || entry.received.type !== 'translation.partial') {
    throw new Error(`no translation of a partial was received at ${at}`);
  }
  return entry.received;
}

function withFields(history: readonly Entry[], at: number, fields: object): Entry[] {
  const entry = history[at];
  if (entry === undefined || !('received' in entry)) throw new Error(`nothing was received at ${at}`);
  return history.with(at, { received: { ...entry.received, ...fields } });
}

const mutations: Partial<Record<ViolationCode, Mutation>> = {
  'final-lost': (history, random) => history.toSpliced(pick(indexesOf(history, 'translation.final'), random), 1),
  'final-not-accepted': (history, random) =>
    history.toSpliced(pick(indexesOf(history, 'transcript.accepted'), random), 1),
  'unsolicited-acceptance': (history, random) => {
    const at = pick(indexesOf(history, 'transcript.accepted'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
  'final-duplicated': (history, random) => {
    const at = pick(indexesOf(history, 'translation.final'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
  'revision-repeated': (history, random) => {
    const at = pick(indexesOf(history, 'translation.partial'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
  'concluded-changed': (history, random) => {
    const partials = indexesOf(history, 'translation.partial');
    const at = pick(
      partials.filter((place) => partialAt(history, place).revision > 1),
      random,
    );
    const { segmentId, revision, targetLanguage } = partialAt(history, at);
    const rest = history.slice(0, at).filter((_entry, place) => {
      if (!partials.includes(place)) return true;
      const other = partialAt(history, place);
      return other.segmentId !== segmentId || other.targetLanguage !== targetLanguage;
    });
    // Instead of what was shown before: a text that is not the beginning of this one.
    const before = shown(segmentId, revision - 1, targetLanguage, `[${targetLanguage}] x`, 6);
    return [...rest, before, ...history.slice(at)];
  },
  'unknown-target': (history, random) =>
    withFields(history, pick(indexesOf(history, 'translation.final'), random), { targetLanguage: 'de' }),
  'unknown-revision': (history, random) =>
    withFields(history, pick(indexesOf(history, 'translation.partial'), random), { revision: 77 }),
  'final-never-sent': (history, random) =>
    withFields(history, pick(indexesOf(history, 'translation.final'), random), { segmentId: 77 }),
  'offset-decreased': (history, random) =>
    withFields(history, pick(indexesOf(history, 'translation.final'), random), { offset: 999 }),
  'wrong-text': (history, random) =>
    withFields(history, pick(indexesOf(history, 'translation.final'), random), {
      text: '[es] what somebody else said',
    }),
  'message-after-end': (history, random) => {
    const at = pick(indexesOf(history, 'translation.final'), random);
    return [...history.toSpliced(at, 1), ...history.slice(at, at + 1)];
  },
  'partial-after-final': (history, random) => {
    const at = pick(indexesOf(history, 'translation.partial'), random);
    const lastFinal = indexesOf(history, 'translation.final').at(-1) ?? 0;
    return history.toSpliced(lastFinal + 1, 0, ...history.slice(at, at + 1)).toSpliced(at, 1);
  },
  'final-out-of-order': (history) => {
    const finals = indexesOf(history, 'translation.final');
    const [first, second] = [finals[0] ?? 0, finals[targets.length] ?? 0];
    return history.toSpliced(second + 1, 0, ...history.slice(first, first + 1)).toSpliced(first, 1);
  },
};

describe(`random histories from seed ${firstSeed} (TEST_SEED=... repeats them)`, () => {
  it('I39: reports nothing for valid ones', () => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      expect({ seed, codes: codesOf(validHistory(randomNumbers(seed)), options) }).toEqual({ seed, codes: [] });
    }
  });

  it.each(Object.entries(mutations))('finds %s in each mutated one', (code, mutate) => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      const random = randomNumbers(seed);
      const codes = codesOf(mutate(validHistory(random), random), options);
      expect({ seed, found: codes.includes(code), codes }).toMatchObject({ seed, found: true });
    }
  });

  it('reports nothing for valid ones over several connections', () => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      const history = withInterruptions(randomNumbers(seed));
      expect({ seed, codes: codesOf(history, { ...options, isLossless: true }) }).toEqual({ seed, codes: [] });
    }
  });

  it.each(Object.entries(resumeMutations))('finds %s in each mutated one over several connections', (code, mutate) => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      const random = randomNumbers(seed);
      const codes = codesOf(mutate(withInterruptions(random), random), options);
      expect({ seed, found: codes.includes(code), codes }).toMatchObject({ seed, found: true });
    }
  });
});
