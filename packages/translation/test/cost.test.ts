import { describe, expect, it } from '@jest/globals';
import {
  BudgetSpentError,
  costMicros,
  createMeteredEngine,
  createTranslationService,
  EngineTimeoutError,
  EngineUnavailableError,
  standingOf,
  systemClock,
  worse,
  type BatchPiece,
  type Engine,
  type JobRequest,
  type PaidCall,
  type Standing,
  type TranslationPiece,
} from '../src/index.ts';

const price = { inputPerMillion: 0.4, outputPerMillion: 1.6 };
const payer = { sessionId: 's', tenant: 't' };

function request(kind: 'partial' | 'final', signal = new AbortController().signal): JobRequest {
  return { text: 'Hello', source: 'en', target: 'es', kind, session: 's', tenant: 't', signal };
}

async function* pieces(...all: TranslationPiece[]): AsyncGenerator<TranslationPiece> {
  await Promise.resolve();
  yield* all;
}

describe('costMicros', () => {
  it('prices a token in millionths as a million of them in whole', () => {
    expect(costMicros({ promptTokens: 1_000_000, completionTokens: 500_000 }, price)).toBe(1_200_000);
  });

  it('stays within whole numbers that are exact', () => {
    const much = { inputPerMillion: 1e18, outputPerMillion: 0 };
    expect(costMicros({ promptTokens: 1000, completionTokens: 0 }, much)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('never makes a call free that is not', () => {
    expect(costMicros({ promptTokens: 1, completionTokens: 0 }, price)).toBe(1);
  });
});

describe('standingOf', () => {
  it.each<[number, number | undefined, Standing]>([
    [10_000, undefined, 'within'],
    [0, 100, 'within'],
    [79, 100, 'within'],
    [80, 100, 'finals-only'],
    [99, 100, 'finals-only'],
    [100, 100, 'spent'],
    [250, 100, 'spent'],
  ])('takes %d of %s for %s', (spent, budget, standing) => {
    expect(standingOf(spent, budget)).toBe(standing);
  });

  it('goes by whichever budget allows less', () => {
    expect(worse('within', 'finals-only')).toBe('finals-only');
    expect(worse('spent', 'finals-only')).toBe('spent');
  });
});

describe('a budget', () => {
  const hola: TranslationPiece[] = [{ type: 'text', text: 'Hola' }];
  const retry = { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 0, longestTurnWaitMs: 0 };
  const allows = async (standing: Standing, kind: 'partial' | 'final'): Promise<boolean> => {
    const service = createTranslationService({
      engine: { translate: () => pieces(...hola) },
      spending: { standing: () => standing },
      retry,
      longestWaitMs: 0,
      clock: systemClock,
      random: () => 0,
    });
    const translated =
      kind === 'partial' ? service.translatePartial(request(kind)) : service.translateFinal(request(kind));
    return await translated.then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(BudgetSpentError);
        return false;
      },
    );
  };

  it.each<[Standing, boolean, boolean]>([
    ['within', true, true],
    ['finals-only', false, true],
    ['spent', false, false],
  ])('allows, where the payer stands %s: partials %s, finals %s', async (standing, partials, finals) => {
    expect(await allows(standing, 'partial')).toBe(partials);
    expect(await allows(standing, 'final')).toBe(finals);
  });
});

describe('the metered engine', () => {
  const estimated = { promptTokens: 7, completionTokens: 3 };

  function meter(translate: Engine['translate']) {
    const calls: PaidCall[] = [];
    const engine = createMeteredEngine({ translate } as Engine, {
      spending: { spent: (call) => calls.push(call) },
      price,
      estimate: () => estimated,
    });
    const read = async (asked: JobRequest, pieces = Infinity): Promise<TranslationPiece[]> => {
      const got: TranslationPiece[] = [];
      for await (const piece of engine.translate(asked)) {
        got.push(piece);
        if (got.length >= pieces) break;
      }
      return got;
    };
    return { calls, read };
  }

  const hola: TranslationPiece = { type: 'text', text: 'Hola' };
  const usage: TranslationPiece = { type: 'usage', usage: { promptTokens: 100, completionTokens: 10 } };

  it('counts what the engine tells, once', async () => {
    const { calls, read } = meter(() => pieces(hola, usage));
    expect(await read(request('final'))).toEqual([hola, usage]);
    expect(calls).toEqual([{ ...payer, requests: 1, promptTokens: 100, completionTokens: 10, costMicros: 56 }]);
  });

  it('estimates a call whose reader left', async () => {
    const { calls, read } = meter(() => pieces(hola, usage));
    await read(request('partial'), 1);
    expect(calls).toEqual([{ ...payer, requests: 1, ...estimated, costMicros: 8 }]);
  });

  it('estimates a call that may be billed though nothing came', async () => {
    const { calls, read } = meter(() => {
      throw Object.assign(new EngineTimeoutError('total', 1000), { mayBeBilled: true });
    });
    await expect(read(request('partial'))).rejects.toThrow(EngineTimeoutError);
    expect(calls).toEqual([{ ...payer, requests: 1, ...estimated, costMicros: 8 }]);
  });

  it('estimates a call that gave nothing, and ended well', async () => {
    const { calls, read } = meter(() => pieces());
    await read(request('final'));
    expect(calls).toHaveLength(1);
  });

  it('counts nothing for a call that was refused', async () => {
    const { calls, read } = meter(() => {
      throw new EngineUnavailableError('no');
    });
    await expect(read(request('final'))).rejects.toThrow(EngineUnavailableError);
    expect(calls).toEqual([]);
  });

  describe('of a batch', () => {
    const texts = ['x'.repeat(20), 'x'.repeat(10)].map((text) => ({ ...request('final'), text }));

    function meterBatch(...answer: (BatchPiece | Error)[]) {
      const calls: PaidCall[] = [];
      const estimates: number[] = [];
      const inner: Partial<Engine> = {
        async *translateBatch() {
          await Promise.resolve();
          for (const piece of answer) {
            if (piece instanceof Error) throw piece;
            yield piece;
          }
        },
      };
      const engine = createMeteredEngine(inner as Engine, {
        spending: { spent: (call) => calls.push(call) },
        price,
        estimate: (requests) => {
          estimates.push(requests.length);
          return estimated;
        },
      });
      const read = async (): Promise<BatchPiece[]> => {
        const got: BatchPiece[] = [];
        for await (const piece of engine.translateBatch?.(texts, new AbortController().signal) ?? []) got.push(piece);
        return got;
      };
      return { calls, estimates, read };
    }

    const told: BatchPiece = { type: 'usage', usage: { promptTokens: 90, completionTokens: 30 } };
    const translations: BatchPiece = { type: 'texts', texts: ['uno', 'dos'] };
    const shared = [
      { ...payer, requests: 1, promptTokens: 60, completionTokens: 20, costMicros: 56 },
      { ...payer, requests: 0, promptTokens: 30, completionTokens: 10, costMicros: 28 },
    ];

    it('counts one call, and shares its tokens out', async () => {
      const { calls, read } = meterBatch(told, translations);
      expect(await read()).toEqual([told, translations]);
      expect(calls).toEqual(shared);
    });

    it('counts one whose answer could not be used', async () => {
      const { calls, read } = meterBatch(told, new EngineUnavailableError('a list too short'));
      await expect(read()).rejects.toThrow(EngineUnavailableError);
      expect(calls).toEqual(shared);
    });

    it('estimates the call as a whole where its tokens are not told', async () => {
      const { calls, estimates, read } = meterBatch(translations);
      await read();
      expect(estimates).toEqual([2]);
      const tokens = calls.map(({ promptTokens }) => promptTokens);
      expect(tokens.reduce((sum, count) => sum + count)).toBe(estimated.promptTokens);
    });
  });
});
