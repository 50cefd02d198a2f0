import type { TenantSettings, TenantSettingsStore } from './tenant-settings-store.ts';

const none: TenantSettings = {};

/** The settings of all tenants as this process knows them. Until they are read once, tenants have none. */
export class CurrentTenantSettings {
  readonly #store: Pick<TenantSettingsStore, 'readAll'>;
  readonly #onChanged: () => void;
  #settings: ReadonlyMap<string, TenantSettings> = new Map();

  /** @param onChanged called when they were read again */
  constructor(store: Pick<TenantSettingsStore, 'readAll'>, onChanged: () => void = () => undefined) {
    this.#store = store;
    this.#onChanged = onChanged;
  }

  of(tenant: string): TenantSettings {
    return this.#settings.get(tenant) ?? none;
  }

  /** Whether any tenant has a setting that is not 0. */
  hasAny(name: keyof TenantSettings): boolean {
    return [...this.#settings.values()].some((settings) => (settings[name] ?? 0) > 0);
  }

  /** Reads them again; what was known before stays valid if this fails, or for tenants whose settings can't be read. */
  async refresh(): Promise<void> {
    const all = await this.#store.readAll();
    const readable = [...all].map(
      ([tenant, settings]) => [tenant, settings === 'unreadable' ? this.of(tenant) : settings] as const,
    );
    this.#settings = new Map(readable);
    this.#onChanged();
  }
}
