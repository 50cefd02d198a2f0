export { TenantErasure, type ErasedTenant } from './tenant-erasure.ts';
