export { TenantStore, tenantLeaseMs, type TenantMemberKind } from './tenant-store.ts';
