import { loadConfig } from '@parley/config';
import { ApiKeyStore } from '@parley/redis/api-key';
import { eraseCached } from '@parley/redis/cache';
import { TenantErasure } from '@parley/redis/tenant-erasure';
import { TenantSettingsStore, TooManyTenantsError, type TenantSettings } from '@parley/redis/tenant-settings';
import { Command, Option } from 'commander';
import { CommandFailure, exitCodes } from '../exit-code.ts';
import { budgetArgument, numberArgument, tenantArgument } from '../option-parsers.ts';
import { table } from '../table.ts';
import { settingRows, type SettingOptions } from '../tenants/setting-rows.ts';
import { withRedis } from '../with-redis.ts';

const examples = `
Every edge and worker on the same Redis knows a change within a second. What a tenant has no setting for is decided by the
variables of the edge and the worker. Sessions and connections beyond a lowered limit are kept; further ones are refused.

Examples:
  parley tenants set acme --sessions 20 --listeners 500 --budget 25
  parley tenants set acme --sessions default
  parley tenants show acme
  parley tenants delete acme --yes`;

/** `parley tenants` */
export function tenantsCommand(): Command {
  const tenants = new Command('tenants')
    .description('show and set limits and budgets of tenants while Parley runs, and delete tenants')
    .addHelpText('after', examples);
  const limit = (flags: string, description: string): Option =>
    new Option(flags, `${description}; 0: unlimited`).argParser(orDefault(numberArgument(0, 1_000_000, 'whole')));
  const budget = (flags: string, description: string): Option =>
    new Option(flags, `${description}, in the currency of ENGINE_PRICES; or \`unlimited\``).argParser(
      orDefault(budgetArgument),
    );
  tenants
    .command('set')
    .description('set limits and budgets of a tenant; those not named stay, and `default` removes one')
    .argument('<tenant>', 'the tenant', tenantArgument)
    .addOption(limit('--sessions <number>', 'concurrent sessions, instead of MAX_SESSIONS_PER_TENANT'))
    .addOption(limit('--sockets <number>', 'concurrent connections with a key, instead of MAX_SOCKETS_PER_TENANT'))
    .addOption(limit('--listeners <number>', 'concurrent listeners, instead of MAX_LISTENERS_PER_TENANT'))
    .addOption(budget('--budget <amount>', 'cost per day (UTC), instead of TENANT_DAILY_BUDGET'))
    .addOption(budget('--session-budget <amount>', 'cost of one session, instead of SESSION_BUDGET'))
    .action(setTenant);
  tenants
    .command('show')
    .description('show the limits and budgets of a tenant, or the tenants that have any')
    .argument('[tenant]', 'the tenant', tenantArgument)
    .action(showTenant);
  tenants
    .command('delete')
    .description('revoke all keys of a tenant, end its sessions, and erase what Redis has of it')
    .argument('<tenant>', 'the tenant', tenantArgument)
    .option('--yes', 'really do it', false)
    .action(deleteTenant);
  return tenants;
}

async function setTenant(tenant: string, options: SettingOptions): Promise<void> {
  if (Object.keys(options).length === 0) throw new CommandFailure('name what to set (see --help)', exitCodes.wrongUse);
  const named: [keyof TenantSettings, SettingOptions[keyof SettingOptions]][] = [
    ['maxSessions', options.sessions],
    ['maxSockets', options.sockets],
    ['maxListeners', options.listeners],
    ['dailyBudgetMicros', options.budget],
    ['sessionBudgetMicros', options.sessionBudget],
  ];
  const changed = named.filter(([, value]) => value !== undefined);
  const settings = await withRedis('set a limit in', async (redis) => {
    const store = new TenantSettingsStore(redis);
    const replaced = changed.map(([name, value]) => [name, value === 'default' ? undefined : value] as const);
    // All of them replace those that can't be read.
    const kept = changed.length === named.length ? {} : await readSettings(store, tenant);
    const settings: TenantSettings = { ...kept, ...Object.fromEntries(replaced) };
    try {
      await store.write(tenant, settings);
    } catch (error) {
      throw error instanceof TooManyTenantsError
        ? new CommandFailure(error.message, undefined, { cause: error })
        : error;
    }
    return settings;
  });
  printSettings(settings);
}

async function showTenant(tenant: string | undefined): Promise<void> {
  if (tenant !== undefined) {
    const { settings, keys } = await withRedis('read the settings from', async (redis) => ({
      settings: await readSettings(new TenantSettingsStore(redis), tenant),
      keys: (await new ApiKeyStore(redis).list(tenant)).keys,
    }));
    printSettings(settings);
    console.log(`${keys.length} ${keys.length === 1 ? 'key' : 'keys'} (parley keys list --tenant ${tenant})`);
    return;
  }
  const all = await withRedis('read the settings from', (redis) => new TenantSettingsStore(redis).readAll());
  console.log(all.size === 0 ? 'no tenant has settings of its own' : [...all.keys()].sort().join('\n'));
}

async function deleteTenant(tenant: string, { yes }: { yes: boolean }): Promise<void> {
  if (!yes) {
    const what = `this revokes the keys of ${tenant}, ends its sessions and erases its transcripts, rooms and usage`;
    throw new CommandFailure(`${what}; repeat it with --yes`, exitCodes.wrongUse);
  }
  const config = loadConfig(process.env);
  const { keys, unreadableKeyIds, sessions, transcripts } = await withRedis('delete the tenant from', (redis) =>
    new TenantErasure(redis).erase(tenant),
  );
  if (config.CACHE_REDIS_URL !== undefined) {
    await withRedis('erase cached translations from', (redis) => eraseCached(redis, tenant), 'CACHE_REDIS_URL');
  }
  console.log(`deleted ${tenant}: ${keys} keys, ${sessions} sessions, ${transcripts} transcripts`);
  for (const id of unreadableKeyIds) {
    console.error(`Key ${id} can't be read, so it was not revoked; it may be one of ${tenant}.`);
  }
  if (config.API_KEYS?.some((key) => key.tenant === tenant) === true) {
    console.error(`API_KEYS still has a key of ${tenant}: remove it and restart the edges, or the tenant comes back.`);
  }
}

/** @throws CommandFailure if they can't be read */
async function readSettings(store: TenantSettingsStore, tenant: string): Promise<TenantSettings> {
  const settings = await store.read(tenant);
  if (settings !== 'unreadable') return settings;
  const problem = `the settings of ${tenant} can't be read: they are damaged, or another version of Parley wrote them`;
  throw new CommandFailure(`${problem}; to replace them, name all of them`);
}

function printSettings(settings: TenantSettings): void {
  console.log(table([['setting', 'value', 'instead of'], ...settingRows(settings)]));
}

function orDefault(parse: (text: string) => number): (text: string) => number | 'default' {
  return (text) => (text === 'default' ? text : parse(text));
}
