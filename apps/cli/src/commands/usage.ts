import { loadConfig, redisUrl } from '@parley/config';
import { connectRedis } from '@parley/redis/connection';
import { dayOf, UsageStore } from '@parley/redis/usage';
import { Command, Option } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { numberArgument } from '../option-parsers.ts';
import { usageReport, type TenantDay } from '../usage/usage-report.ts';

interface UsageOptions {
  readonly days: number;
  readonly tenant?: string;
  readonly json: boolean;
}

const redisTimeoutMs = 5000;
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
  const url = redisUrl(loadConfig(process.env));
  let lastError: Error | undefined;
  const redis = connectRedis(url, { onError: (error) => (lastError = error), commandTimeoutMs: redisTimeoutMs });
  try {
    const found = await readDays(new UsageStore(redis), days, tenant);
    if (json) for (const { usage, ...which } of found) console.log(JSON.stringify({ ...which, ...usage }));
    else console.log(found.length === 0 ? 'no usage recorded' : usageReport(found));
  } catch (cause) {
    const problem = lastError ?? (cause instanceof Error ? cause : undefined);
    const why = problem?.message ?? 'unknown';
    const where = `the Redis of REDIS_URL, ${new URL(url).host}`;
    const message = `can't read the usage from ${where}: ${why}; parley up prints the URL of the Redis that it starts`;
    throw new CommandFailure(message, undefined, { cause });
  } finally {
    redis.disconnect();
  }
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
