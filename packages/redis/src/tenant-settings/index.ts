export { CurrentTenantSettings } from './current-tenant-settings.ts';
export {
  maxTenantsWithSettings,
  TenantSettingsStore,
  TooManyTenantsError,
  type TenantSettings,
} from './tenant-settings-store.ts';
