import type { LaneWork } from '@parley/lanes';
import type { DegradedReason } from '@parley/protocol';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ExcusingNotices } from '../src/consumer/excusing-notices.ts';
import { OverloadWatch } from '../src/consumer/overload-watch.ts';

/** The clock of Redis stands elsewhere than that of the worker, and that of the edge isn't asked. */
const aheadMs = 1_700_000_000_000;

let nowMs: number;
let serverTold: boolean;
let said: [string, DegradedReason][];
let notices: ExcusingNotices;
let handled: LaneWork[];
let handle: (work: LaneWork) => Promise<unknown>;

beforeEach(() => {
  nowMs = 0;
  serverTold = true;
  said = [];
  handled = [];
  const told = { say: (...words: [string, DegradedReason]) => void said.push(words) };
  const watch = new OverloadWatch({
    serverClock: {
      get nowMs() {
        return serverTold ? nowMs + aheadMs : undefined;
      },
    },
    notices: told,
    now: () => nowMs,
  });
  notices = new ExcusingNotices(told, watch);
  handle = watch.over((work) => {
    handled.push(work);
    return Promise.resolve('done');
  }, 4);
});

function waited(waitedMs: number, changed: Partial<LaneWork> & { readonly number?: string } = {}): LaneWork {
  const number = changed.number ?? String((nowMs + aheadMs - waitedMs) * 1000);
  const data = { v: 1, sessionId: `session ${handled.length}`, segmentId: 1, target: 'es', number } as const;
  const { signal } = new AbortController();
  return { data, stalls: 0, priority: 0, wasPutOff: false, signal, ...changed };
}

/** Hands on a job a second for four seconds. */
async function goOn(work: () => LaneWork): Promise<void> {
  for (let second = 0; second < 4; second++) {
    expect(await handle(work())).toBe('done');
    nowMs += 1000;
  }
}

describe('a session is told that it waits for a free place', () => {
  it('by how long ago its job was numbered by the clock of Redis', async () => {
    await goOn(() => waited(1100));
    expect(said).toEqual([['session 3', 'overloaded']]);
    expect(handled).toHaveLength(4);
  });

  it.each([
    ['began soon', () => waited(900)],
    ['was put off', () => waited(5000, { wasPutOff: true })],
    ['waited for its own session', () => waited(5000, { priority: 4 })],
    ['has no number of the clock', () => waited(0, { number: 'r7' })],
  ])('not by a job that %s', async (_, work) => {
    await goOn(work);
    expect(said).toEqual([]);
    expect(handled).toHaveLength(4);
  });

  it('not while nobody knows what time it is', async () => {
    serverTold = false;
    await goOn(() => waited(5000));
    expect(said).toEqual([]);
  });

  it.each(['rate-limited', 'engine-down'] as const)('not while sessions are %s; that is said', async (reason) => {
    notices.say('another', reason);
    await goOn(() => waited(5000));
    expect(said).toEqual([['another', reason]]);
  });

  it('whoever has spent a budget', async () => {
    notices.say('another', 'over-budget');
    await goOn(() => waited(5000));
    expect(said).toEqual([
      ['another', 'over-budget'],
      ['session 3', 'overloaded'],
    ]);
  });
});
