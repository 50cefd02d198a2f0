import { describe, expect, it } from '@jest/globals';
import {
  BudgetSpentError,
  costMicros,
  createTranslationService,
  budgetStatusOf,
  systemClock,
  strictest,
  type JobRequest,
  type BudgetStatus,
} from '../src/index.ts';

const price = { inputPerMillion: 0.4, outputPerMillion: 1.6 };

function request(kind: 'partial' | 'final', signal = new AbortController().signal): JobRequest {
  return { text: 'Hello', source: 'en', target: 'es', kind, session: 's', tenant: 't', signal };
}

describe('costMicros', () => {
  it('prices a token in millionths as a million of them in whole', () => {
    expect(costMicros({ promptTokens: 1_000_000, completionTokens: 500_000 }, price)).toBe(1_200_000);
  });

  it('prices a character in millionths as a million of them in whole', () => {
    const usage = { promptTokens: 0, completionTokens: 0, characters: 1500 };
    expect(costMicros(usage, { charactersPerMillion: 20 })).toBe(30_000);
  });

  it('stays within whole numbers that are exact', () => {
    const much = { inputPerMillion: 1e18, outputPerMillion: 0 };
    expect(costMicros({ promptTokens: 1000, completionTokens: 0 }, much)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('never makes a call free that is not', () => {
    expect(costMicros({ promptTokens: 1, completionTokens: 0 }, price)).toBe(1);
  });
});

describe('budgetStatusOf', () => {
  it.each<[number, number | undefined, BudgetStatus]>([
    [10_000, undefined, 'within'],
    [0, 100, 'within'],
    [79, 100, 'within'],
    [80, 100, 'finals-only'],
    [99, 100, 'finals-only'],
    [100, 100, 'spent'],
    [250, 100, 'spent'],
  ])('takes %d of %s for %s', (spent, budget, budgetStatus) => {
    expect(budgetStatusOf(spent, budget)).toBe(budgetStatus);
  });

  it('goes by whichever budget allows less', () => {
    expect(strictest('within', 'finals-only')).toBe('finals-only');
    expect(strictest('spent', 'finals-only')).toBe('spent');
  });
});

describe('a budget', () => {
  const retry = { baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 0, maxRateLimitWaitMs: 0 };
  const allows = async (budgetStatus: BudgetStatus, kind: 'partial' | 'final'): Promise<boolean> => {
    const service = createTranslationService({
      engine: { translate: () => Promise.resolve({ text: 'Hola' }) },
      spending: { budgetStatus: () => budgetStatus },
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

  it.each<[BudgetStatus, boolean, boolean]>([
    ['within', true, true],
    ['finals-only', false, true],
    ['spent', false, false],
  ])('allows, where the account stands %s: partials %s, finals %s', async (budgetStatus, partials, finals) => {
    expect(await allows(budgetStatus, 'partial')).toBe(partials);
    expect(await allows(budgetStatus, 'final')).toBe(finals);
  });
});
