import { describe, expect, it } from '@jest/globals';
import { EngineCancelledError, EngineUnavailableError, type Clock, type TranslationPiece } from '@parley/translation';
import { createFailoverEngine } from '../src/index.ts';
import { requestFor, translateAll } from './engine-under-test.ts';
import { circuit, fakeEngine, recordingObserver } from './failover-fixture.ts';

/** An engine whose calls are answered by the test, under a clock that it moves. */
function startHedging(hedging = true, isTight?: () => boolean) {
  const fake = fakeEngine('one');
  const held: {
    readonly answer: (text: string) => void;
    readonly end: () => void;
    readonly fail: (error: Error) => void;
    readonly isAborted: boolean;
  }[] = [];
  const patience: { readonly delayMs: number; readonly end: () => void }[] = [];
  let isHolding = false;
  const clock: Clock = {
    now: () => performance.now(),
    delay: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        patience.push({ delayMs, end: resolve });
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
  };
  const reply = async (signal: AbortSignal): Promise<string | undefined> => {
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    held.push({
      answer: resolve,
      end: () => resolve(undefined),
      fail: reject,
      get isAborted() {
        return signal.aborted;
      },
    });
    signal.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')), { once: true });
    return await promise;
  };
  const observer = recordingObserver();
  const engine = createFailoverEngine({
    endpoints: [
      {
        name: 'one',
        for: 'both',
        ...(isTight === undefined ? {} : { isTight }),
        engine: {
          ...fake,
          async *translate({ signal }): AsyncGenerator<TranslationPiece> {
            const text = isHolding ? await reply(signal) : 'at once';
            if (text === undefined) return;
            yield { type: 'text', text };
            yield { type: 'text', text: '.' };
          },
        },
      },
    ],
    circuit: { ...circuit, minimumCalls: 20 },
    hedging,
    clock,
    observer,
    random: () => 0,
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** Learns what is usual, and from then on holds every call. */
  const warmUp = async (calls = 20): Promise<void> => {
    for (let call = 0; call < calls; call++) await translateAll(engine, { kind: 'final' });
    isHolding = true;
    observer.heard.length = 0;
    patience.length = 0;
  };
  return { engine, held, patience, heard: observer.heard, turn, warmUp };
}

const final = { kind: 'final' } as const;

describe('a final that takes long', () => {
  it.each([
    ['second', 1, 'won'],
    ['first', 0, 'lost'],
  ] as const)('gets a second call, and the first answer counts: that of the %s', async (name, winner, outcome) => {
    const { engine, held, patience, heard, turn, warmUp } = startHedging();
    await warmUp();
    const translation = translateAll(engine, final);
    await turn();
    expect(held).toHaveLength(1);
    expect(patience[0]?.delayMs).toBeGreaterThanOrEqual(50);
    patience[0]?.end();
    await turn();
    expect(held).toHaveLength(2);
    held[winner]?.answer(name);
    expect((await translation).text).toBe(`${name}.`);
    await turn();
    expect(held[1 - winner]?.isAborted).toBe(true);
    expect(heard.toSorted()).toEqual(['one cancelled', `one hedge ${outcome}`, 'one translated']);
  });

  it('gets none where it is answered in time', async () => {
    const { engine, held, patience, turn, warmUp } = startHedging();
    await warmUp();
    const translation = translateAll(engine, final);
    await turn();
    held[0]?.answer('first');
    expect((await translation).text).toBe('first.');
    patience[0]?.end();
    await turn();
    expect(held).toHaveLength(1);
  });

  it('waits for the other call where one fails, and fails with the first where both do', async () => {
    const { engine, held, patience, turn, warmUp } = startHedging();
    await warmUp(40);
    const [one, other] = [new EngineUnavailableError('one'), new EngineUnavailableError('other')];
    const served = translateAll(engine, final);
    await turn();
    patience[0]?.end();
    await turn();
    held[0]?.fail(one);
    await turn();
    held[1]?.answer('second');
    expect((await served).text).toBe('second.');

    const failed = expect(translateAll(engine, final)).rejects.toBe(one);
    await turn();
    patience[1]?.end();
    await turn();
    held[3]?.fail(other);
    held[2]?.fail(one);
    await failed;
  });

  it.each([
    [0, 1],
    [1, 0],
  ])('takes a reply that ends without a piece for no answer: call %i', async (empty, good) => {
    const { engine, held, patience, turn, warmUp } = startHedging();
    await warmUp();
    const translation = translateAll(engine, final);
    await turn();
    patience[0]?.end();
    await turn();
    held[empty]?.end();
    await turn();
    held[good]?.answer('good');
    expect((await translation).text).toBe('good.');
  });

  it('is over for both calls when it is cancelled', async () => {
    const { engine, held, patience, turn, warmUp } = startHedging();
    await warmUp();
    const controller = new AbortController();
    const cancelled = expect(translateAll(engine, { ...final, signal: controller.signal })).rejects.toBeInstanceOf(
      EngineCancelledError,
    );
    await turn();
    patience[0]?.end();
    await turn();
    controller.abort();
    await cancelled;
    expect(held.map(({ isAborted }) => isAborted)).toEqual([true, true]);
  });

  it('gets no second call beyond the budget', async () => {
    const { engine, held, patience, heard, turn, warmUp } = startHedging();
    await warmUp();
    const translations = [translateAll(engine, final), translateAll(engine, final)];
    await turn();
    for (const { end } of patience) end();
    await turn();
    expect(held).toHaveLength(3);
    expect(heard).toEqual(['one hedge over-budget']);
    for (const { answer } of held) answer('done');
    await Promise.all(translations);
  });

  it('gets none while the rate limit is tight, and its place is kept for when there is room', async () => {
    let isTight = true;
    const { engine, held, patience, heard, turn, warmUp } = startHedging(true, () => isTight);
    await warmUp();
    const first = translateAll(engine, final);
    await turn();
    patience[0]?.end();
    await turn();
    expect(held).toHaveLength(1);
    expect(heard).toEqual(['one hedge no-room']);
    isTight = false;
    const second = translateAll(engine, final);
    await turn();
    patience[1]?.end();
    await turn();
    expect(held).toHaveLength(3);
    for (const { answer } of held) answer('done');
    await Promise.all([first, second]);
  });

  it('gets none before it is known what is usual, with hedging off, and where it is a partial', async () => {
    for (const [hedging, calls, kind] of [
      [true, 19, 'final'],
      [false, 40, 'final'],
      [true, 40, 'partial'],
    ] as const) {
      // prettier-ignore
      const { engine, held, patience, turn, warmUp } = startHedging(hedging);
      await warmUp(calls);
      const translation = translateAll(engine, { kind });
      await turn();
      expect(patience).toEqual([]);
      held[0]?.answer('first');
      expect((await translation).text).toBe('first.');
    }
  });

  it('frees both calls when its consumer stops', async () => {
    const { engine, held, patience, turn, warmUp } = startHedging();
    await warmUp();
    const pieces = engine.translate(requestFor(final))[Symbol.asyncIterator]();
    const piece = pieces.next();
    await turn();
    patience[0]?.end();
    await turn();
    held[1]?.answer('second');
    expect((await piece).value).toEqual({ type: 'text', text: 'second' });
    expect(held.map(({ isAborted }) => isAborted)).toEqual([true, false]);
    await pieces.return?.();
    expect(held.map(({ isAborted }) => isAborted)).toEqual([true, true]);
  });
});
