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
A + behind a cost: some of the tokens are of models that ENGINE_PRICES doesn't name.

Examples:
  REDIS_URL=redis://127.0.0.1:6379 parley usage
  parley usage --days 31 --tenant acme --json`;

/** `parley usage` */
export function usageCommand(): Command {
  return new Command('usage')
    .description('tell what tenants have used: calls, tokens, cost, and what an hour of a session costs')
    .addOption(
      new Option('--days <days>', 'how many days back, today (UTC) included')
        .default(7)
        .argParser(numberArgument(1, 400, 'whole')),
    )
    .option('--tenant <tenant>', 'this tenant only')
    .option('--json', 'print one JSON object a line', false)
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
    else console.log(found.length === 0 ? 'nothing was used' : usageReport(found));
  } catch (cause) {
    const problem = lastError ?? (cause instanceof Error ? cause : undefined);
    const why = problem?.message ?? 'unknown';
    const where = `the Redis of REDIS_URL, ${new URL(url).host}`;
    const said = `can't read the usage from ${where}: ${why}; parley up tells the URL of the one that it starts`;
    throw new CommandFailure(said, undefined, { cause });
  } finally {
    redis.disconnect();
  }
}

async function readDays(store: UsageStore, days: number, tenant: string | undefined): Promise<TenantDay[]> {
  const wanted = Array.from({ length: days }, (_, back) => dayOf(Date.now() - back * msPerDay));
  const found: TenantDay[] = [];
  for (const day of wanted) {
    const tenants = (await store.tenantsOf(day)).filter((name) => tenant === undefined || name === tenant);
    for (const name of tenants.sort()) found.push({ day, tenant: name, usage: await store.read(name, day) });
  }
  return found;
}
