import type { Config } from '@parley/config';
import { UsageLedger, UsageStore } from '@parley/redis/usage';
import type { Logger } from '@parley/telemetry';

interface LedgerOptions {
  readonly redis: ConstructorParameters<typeof UsageStore>[0];
  /** Names this process or thread; no other may have the name. */
  readonly writer: string;
  readonly logger: Logger;
}

/** Counts what is spent, against the budgets of the environment. */
export function openLedger(
  config: Pick<Config, 'SESSION_BUDGET' | 'TENANT_DAILY_BUDGET'>,
  { redis, writer, logger }: LedgerOptions,
): UsageLedger {
  return new UsageLedger({
    store: new UsageStore(redis),
    writer,
    sessionBudgetMicros: config.SESSION_BUDGET,
    tenantBudgetMicros: config.TENANT_DAILY_BUDGET,
    now: Date.now,
    onError: (error) => logger.warn({ err: error }, 'the usage could not be written; it is tried again'),
    onLost: (error) => logger.error({ err: error }, 'a part of the usage can not be counted, and is lost'),
  });
}
