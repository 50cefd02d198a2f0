import { agreementPolicy } from './agreement.ts';
import { maskPolicy } from './mask.ts';
import type { Policy } from './policy.ts';
import { sourceAgreementPolicy } from './source-agreement.ts';

/** The policies that Parley's settings are compared with. */
export const simplePolicies: readonly Policy[] = [
  ...[0, 1, 2, 3, 4, 5, 6].map(maskPolicy),
  ...[2, 3, 4].map(agreementPolicy),
  ...[2, 3].map(sourceAgreementPolicy),
];
