export { listenForSessionEnds, type SessionEndListener } from './session-ends.ts';
export { UsageLedger, type UsageLedgerOptions } from './usage-ledger.ts';
export { AdditionRefusedError, dayOf, usageFields, UsageStore, type Usage, type UsageField } from './usage-store.ts';
