import { dayOf, UsageStore } from '@parley/redis/usage';
import { Command, Option } from 'commander';
import { numberArgument } from '../option-parsers.ts';
import { usageReport, type TenantDay } from '../usage/usage-report.ts';
import { withRedis } from '../with-redis.ts';

interface UsageOptions {
  readonly days: number;
  readonly tenant?: string;
  readonly json: boolean;
}

const msPerDay = 86_400_000;

const examples = `
A + after a cost means that some of the tokens belong to models without a price in ENGINE_PRICES.

Examples:
  REDIS_URL=redis://127.0.0.1:6379 parley usage
  parley usage --days 31 --tenant acme --json`;

/** `parley usage` */
export function usageCommand(): Command {
  return new Command('usage')
    .description('show the usage of each tenant: calls, tokens, cost, and cost per session hour')
    .addOption(
      new Option('--days <days>', 'how many days back, today (UTC) included')
        .default(7)
        .argParser(numberArgument(1, 400, 'whole')),
    )
    .option('--tenant <tenant>', 'this tenant only')
    .option('--json', 'print one JSON object per line', false)
    .addHelpText('after', examples)
    .action(showUsage);
}

async function showUsage({ days, tenant, json }: UsageOptions): Promise<void> {
  const found = await withRedis('read the usage from', (redis) => readDays(new UsageStore(redis), days, tenant));
  if (json) for (const { usage, ...which } of found) console.log(JSON.stringify({ ...which, ...usage }));
  else console.log(found.length === 0 ? 'no usage recorded' : usageReport(found));
}

async function readDays(store: UsageStore, days: number, tenant: string | undefined): Promise<TenantDay[]> {
  const requestedDays = Array.from({ length: days }, (_, back) => dayOf(Date.now() - back * msPerDay));
  const found: TenantDay[] = [];
  for (const day of requestedDays) {
    const tenants = (await store.tenantsOf(day)).filter((name) => tenant === undefined || name === tenant);
    for (const name of tenants.sort()) found.push({ day, tenant: name, usage: await store.read(name, day) });
  }
  return found;
}
