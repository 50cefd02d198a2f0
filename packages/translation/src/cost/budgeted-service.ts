import type { JobRequest, TranslationService } from '../service/translation-service.ts';
import { BudgetSpentError } from './budget-spent-error.ts';
import type { Standing } from './budget.ts';
import { payerOf, type Spending } from './spending.ts';

/**
 * Makes no call that the budget doesn't allow: first no partials, then none at all. It stands below the cache and the
 * joining of calls, for what costs nothing is always allowed.
 */
export function createBudgetedService(
  service: TranslationService,
  spending: Pick<Spending, 'standing'>,
): TranslationService {
  const standing = (request: JobRequest): Standing => {
    const payer = payerOf(request);
    return payer === undefined ? 'within' : spending.standing(payer);
  };
  return {
    async translatePartial(request) {
      if (standing(request) !== 'within') throw new BudgetSpentError('the budget leaves no room for partials');
      return await service.translatePartial(request);
    },
    async translateFinal(request, final) {
      if (standing(request) === 'spent') throw new BudgetSpentError('the budget is spent');
      return await service.translateFinal(request, final);
    },
  };
}
