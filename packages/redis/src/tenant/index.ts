export { creditStepBytes, minCreditBytes, TenantCredits } from './tenant-credits.ts';
export { TenantStore, tenantLeaseMs, type TenantMemberKind } from './tenant-store.ts';
