export { AdditionRefusedError } from './addition-refused-error.ts';
export { listenForSessionEnds, type SessionEndListener } from './session-ends.ts';
export { UsageLedger, type UsageLedgerOptions } from './usage-ledger.ts';
export { dayOf, usageFields, UsageStore, type Usage, type UsageField } from './usage-store.ts';
