import type { Allowance } from './allowance.ts';

export type Limited = 'requests' | 'tokens';

/** What may still be used; `undefined`: as much as one likes. */
export type Allowances = Readonly<Record<Limited, Allowance | undefined>>;

/** Why a request is not admitted, in the words of OpenAI's message. */
export interface Refusal {
  readonly limited: Limited;
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  /** When the same request would be admitted; `Infinity`: it is larger than the limit. */
  readonly retryAfterMs: number;
}

export type Admission =
  | { readonly admitted: true; readonly allowances: Allowances }
  | { readonly admitted: false; readonly refusal: Refusal };

/**
 * Admits a request if both allowances have room for it. One that is refused uses nothing. Where both refuse, the one
 * that takes longer is named: waiting for it is enough.
 */
export function admit(allowances: Allowances, tokens: number, nowMs: number): Admission {
  const refusals = [
    refusalOf('requests', allowances.requests, 1, nowMs),
    refusalOf('tokens', allowances.tokens, tokens, nowMs),
  ].filter((refusal) => refusal !== undefined);
  const [refusal] = refusals.sort((one, other) => other.retryAfterMs - one.retryAfterMs);
  if (refusal !== undefined) return { admitted: false, refusal };
  return {
    admitted: true,
    allowances: {
      requests: allowances.requests?.use(1, nowMs),
      tokens: allowances.tokens?.use(tokens, nowMs),
    },
  };
}

function refusalOf(
  limited: Limited,
  allowance: Allowance | undefined,
  requested: number,
  nowMs: number,
): Refusal | undefined {
  const retryAfterMs = allowance?.waitMs(requested, nowMs) ?? 0;
  if (allowance === undefined || retryAfterMs === 0) return undefined;
  const { limit } = allowance;
  const used = Math.max(0, limit - allowance.left(nowMs).remaining);
  return { limited, limit, used, requested, retryAfterMs };
}
