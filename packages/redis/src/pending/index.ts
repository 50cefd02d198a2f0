export type { OutstandingFinal } from './outstanding-final.ts';
export type { OutstandingQuota, QuotaRefusal } from './outstanding-quota.ts';
export {
  finalCost,
  PendingStore,
  UnreadableFinalError,
  type FinalWork,
  type PreviewResult,
  type SettleFinal,
  type SettleResult,
  type ShownTranslation,
} from './pending-store.ts';
