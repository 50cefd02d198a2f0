import type { Config } from '@parley/config';
import type { CurrentTenantSettings } from '@parley/redis/tenant-settings';
import { UsageLedger, UsageStore } from '@parley/redis/usage';
import type { Logger } from '@parley/telemetry';

interface LedgerOptions {
  readonly redis: ConstructorParameters<typeof UsageStore>[0];
  /** Unique name of this process or thread. */
  readonly writer: string;
  /** Budgets of single tenants that replace the configured ones. */
  readonly settings: CurrentTenantSettings;
  readonly logger: Logger;
}

/** Opens the ledger that records spending and enforces the configured budgets. */
export function openLedger(
  config: Pick<Config, 'SESSION_BUDGET' | 'TENANT_DAILY_BUDGET'>,
  { redis, writer, settings, logger }: LedgerOptions,
): UsageLedger {
  return new UsageLedger({
    store: new UsageStore(redis),
    writer,
    sessionBudgetMicros: config.SESSION_BUDGET,
    tenantBudgetMicros: config.TENANT_DAILY_BUDGET,
    settings,
    now: Date.now,
    onError: (error) => logger.warn({ err: error }, 'writing usage failed; retrying'),
    onLost: (error) => logger.error({ err: error }, 'writing usage failed permanently; usage lost'),
  });
}
