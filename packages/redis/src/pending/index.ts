export type { OutstandingFinal } from './outstanding-final.ts';
export {
  PendingStore,
  UnreadableFinalError,
  type FinalWork,
  type PreviewResult,
  type SettleFinal,
  type SettleResult,
  type ShownTranslation,
} from './pending-store.ts';
