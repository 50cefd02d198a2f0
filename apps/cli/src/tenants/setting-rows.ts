import type { TenantSettings } from '@parley/redis/tenant-settings';

/** The options of `parley tenants set`, parsed; `default` removes a setting. */
export type SettingOptions = Partial<
  Record<'sessions' | 'sockets' | 'listeners' | 'budget' | 'sessionBudget', number | 'default'>
>;

/** Every setting as a row: its option, its value, and the variable that counts without it. */
export function settingRows(settings: TenantSettings): string[][] {
  return [
    ['--sessions', limit(settings.maxSessions), 'MAX_SESSIONS_PER_TENANT'],
    ['--sockets', limit(settings.maxSockets), 'MAX_SOCKETS_PER_TENANT'],
    ['--listeners', limit(settings.maxListeners), 'MAX_LISTENERS_PER_TENANT'],
    ['--budget', money(settings.dailyBudgetMicros), 'TENANT_DAILY_BUDGET'],
    ['--session-budget', money(settings.sessionBudgetMicros), 'SESSION_BUDGET'],
  ];
}

function limit(value: number | undefined): string {
  if (value === undefined) return 'default';
  return value === 0 ? 'unlimited' : String(value);
}

function money(micros: number | undefined): string {
  if (micros === undefined) return 'default';
  return micros === 0 ? 'unlimited' : String(micros / 1_000_000);
}
