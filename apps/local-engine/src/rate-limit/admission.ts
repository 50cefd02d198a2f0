import type { Allowance } from './allowance.ts';

export type Limited = 'requests' | 'tokens';

/** The remaining allowances; `undefined` means unlimited. */
export type Allowances = Readonly<Record<Limited, Allowance | undefined>>;

/** Why a request is refused, with the values for OpenAI's message. */
export interface Refusal {
  readonly limited: Limited;
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  /** Time until the same request would be admitted; `Infinity` if it exceeds the limit. */
  readonly retryAfterMs: number;
}

export type Admission =
  | { readonly admitted: true; readonly allowances: Allowances }
  | { readonly admitted: false; readonly refusal: Refusal };

/**
 * Admits a request if both allowances suffice. A refused request uses nothing. If both refuse, the refusal is the one with
 * the longer wait, after which both suffice.
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
