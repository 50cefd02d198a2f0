import { describe, expect, it } from '@jest/globals';
import type { ServerMessage } from '@parley/protocol';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';
import { sourceOfMarked, type ViolationCode } from '../src/index.ts';
import { accepted, codesOf, end, sentFinal, sentPartial, shown, start, translated, type Entry } from './history.ts';

const options = { sourceOf: sourceOfMarked, exactPartials: true };
const targets = ['es', 'ca', 'fr'];
const firstSeed = testSeed('random histories');
const rounds = 60;

/** Whole numbers from 0, each below what is asked for. */
function randomNumbers(seed: number): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
}

/** A whole session: segments one after another, some revisions shown, every final translated in order. */
function goodHistory(random: (below: number) => number): Entry[] {
  const history = [...start(targets)];
  let offset = 1000;
  for (let segmentId = 1; segmentId <= 6; segmentId += 1) {
    for (let revision = 1; revision <= 4; revision += 1) {
      history.push(sentPartial(segmentId, revision));
      for (const target of targets) if (random(3) > 0) history.push(shown(segmentId, revision, target));
    }
    history.push(sentFinal(segmentId), accepted(segmentId));
    for (const target of targets) history.push(translated(segmentId, (offset += 1 + random(5)), target));
  }
  return [...history, ...end];
}

type Mutation = (history: Entry[], random: (below: number) => number) => Entry[];

function placesOf(history: readonly Entry[], type: ServerMessage['type']): number[] {
  return [...history.keys()].filter((at) => {
    const entry = history[at];
    return entry !== undefined && 'received' in entry && entry.received.type === type;
  });
}

function pick(places: readonly number[], random: (below: number) => number): number {
  return places[random(places.length)] ?? 0;
}

function changed(history: readonly Entry[], at: number, fields: object): Entry[] {
  const entry = history[at];
  if (entry === undefined || !('received' in entry)) throw new Error(`nothing was received at ${at}`);
  return history.with(at, { received: { ...entry.received, ...fields } });
}

const mutations: Partial<Record<ViolationCode, Mutation>> = {
  'final-lost': (history, random) => history.toSpliced(pick(placesOf(history, 'translation.final'), random), 1),
  'final-not-accepted': (history, random) =>
    history.toSpliced(pick(placesOf(history, 'transcript.accepted'), random), 1),
  'accepted-never-sent': (history, random) => {
    const at = pick(placesOf(history, 'transcript.accepted'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
  'final-doubled': (history, random) => {
    const at = pick(placesOf(history, 'translation.final'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
  'revision-repeated': (history, random) => {
    const at = pick(placesOf(history, 'translation.partial'), random);
    return history.toSpliced(at, 0, ...history.slice(at, at + 1));
  },
  'unknown-target': (history, random) =>
    changed(history, pick(placesOf(history, 'translation.final'), random), { targetLanguage: 'de' }),
  'unknown-revision': (history, random) =>
    changed(history, pick(placesOf(history, 'translation.partial'), random), { revision: 77 }),
  'final-never-sent': (history, random) =>
    changed(history, pick(placesOf(history, 'translation.final'), random), { segmentId: 77 }),
  'offset-went-back': (history, random) =>
    changed(history, pick(placesOf(history, 'translation.final'), random), { offset: 999 }),
  'wrong-text': (history, random) =>
    changed(history, pick(placesOf(history, 'translation.final'), random), { text: '[es] what somebody else said' }),
  'message-after-end': (history, random) => {
    const at = pick(placesOf(history, 'translation.final'), random);
    return [...history.toSpliced(at, 1), ...history.slice(at, at + 1)];
  },
  'partial-after-final': (history, random) => {
    const at = pick(placesOf(history, 'translation.partial'), random);
    const lastFinal = placesOf(history, 'translation.final').at(-1) ?? 0;
    return history.toSpliced(lastFinal + 1, 0, ...history.slice(at, at + 1)).toSpliced(at, 1);
  },
  'final-disordered': (history) => {
    const finals = placesOf(history, 'translation.final');
    const [first, second] = [finals[0] ?? 0, finals[targets.length] ?? 0];
    return history.toSpliced(second + 1, 0, ...history.slice(first, first + 1)).toSpliced(first, 1);
  },
};

describe(`random histories from seed ${firstSeed} (TEST_SEED=... repeats them)`, () => {
  it('finds nothing in a good one', () => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      expect({ seed, codes: codesOf(goodHistory(randomNumbers(seed)), options) }).toEqual({ seed, codes: [] });
    }
  });

  it.each(Object.entries(mutations))('finds %s in each mutated one', (code, mutate) => {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      const random = randomNumbers(seed);
      const codes = codesOf(mutate(goodHistory(random), random), options);
      expect({ seed, found: codes.includes(code), codes }).toMatchObject({ seed, found: true });
    }
  });
});
