import { apiKeyScopes, ApiKeyStore, TooManyApiKeysError, type ApiKeyScope } from '@parley/redis/api-key';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from '../exit-code.ts';
import { tenantArgument } from '../option-parsers.ts';
import { table } from '../table.ts';
import { withRedis } from '../with-redis.ts';

const examples = `
Every edge on the same Redis knows a change within a second. The keys of API_KEYS work beside these, and are not listed.

Examples:
  parley keys create acme --name "web backend"
  parley keys create acme --name "hall 1" --scope speak
  parley keys list --tenant acme
  parley keys revoke 3f9c0a7be21d`;

/** `parley keys` */
export function keysCommand(): Command {
  const keys = new Command('keys')
    .description('create, list and revoke API keys of tenants while Parley runs')
    .addHelpText('after', examples);
  keys
    .command('create')
    .description('make a key and print it; it is shown only once')
    .argument('<tenant>', 'the tenant that it is for', tenantArgument)
    .requiredOption('--name <name>', 'what the key is for, in lists', nameArgument)
    .addOption(
      new Option(
        '--scope <scope>',
        'listen: join sessions; speak: start sessions, too; admin: also the sessions of others, and tokens',
      )
        .choices(apiKeyScopes)
        .default('admin'),
    )
    .action(createKey);
  keys
    .command('list')
    .description('list the keys, without what would open anything')
    .option('--tenant <tenant>', 'this tenant only', tenantArgument)
    .option('--json', 'print one JSON object per line', false)
    .action(listKeys);
  keys
    .command('revoke')
    .description('revoke a key; its connections are closed, and its tokens are void')
    .argument('<id>', 'the ID that `create` and `list` show', idArgument)
    .action(revokeKey);
  return keys;
}

async function createKey(tenant: string, { name, scope }: { name: string; scope: ApiKeyScope }): Promise<void> {
  const { key, record } = await withRedis('create a key in', async (redis) => {
    try {
      return await new ApiKeyStore(redis).create({ tenant, name, scope }, Date.now());
    } catch (error) {
      throw error instanceof TooManyApiKeysError
        ? new CommandFailure(error.message, undefined, { cause: error })
        : error;
    }
  });
  // Alone on standard output, so that a script can store it.
  console.log(key);
  console.error(`Key ${record.id} of ${tenant} (${name}, ${scope}). It is not shown again.`);
}

async function listKeys({ tenant, json }: { tenant?: string; json: boolean }): Promise<void> {
  const listed = await withRedis('list the keys in', (redis) => new ApiKeyStore(redis).list(tenant));
  const shown = listed.keys.map(({ id, tenant, name, scope, createdAtMs, lastUsedAtMs }) => ({
    id,
    tenant,
    name,
    scope,
    createdAt: timeOf(createdAtMs),
    lastUsedAt: lastUsedAtMs === undefined ? null : timeOf(lastUsedAtMs),
  }));
  if (json) for (const key of shown) console.log(JSON.stringify(key));
  else if (shown.length === 0 && listed.unreadableIds.length === 0)
    console.log('no keys; create one with: parley keys create TENANT --name NAME');
  else console.log(table([['id', 'tenant', 'name', 'scope', 'created', 'last used'], ...shown.map(rowOf)]));
  for (const id of listed.unreadableIds) {
    const why = 'it is damaged, or another version of Parley made it';
    console.error(`Key ${id} can't be read: ${why}. Edges of this version refuse it. If it is damaged, revoke it.`);
  }
}

async function revokeKey(id: string): Promise<void> {
  const revoked = await withRedis('revoke a key in', (redis) => new ApiKeyStore(redis).revoke(id));
  if (revoked === undefined) throw new CommandFailure(`there is no key with the ID ${id}; parley keys list shows all`);
  const what = revoked === 'unreadable' ? "which can't be read" : `of ${revoked.tenant} (${revoked.name})`;
  console.log(`revoked ${id} ${what}`);
}

function rowOf(key: Record<'id' | 'tenant' | 'name' | 'scope' | 'createdAt', string> & { lastUsedAt: string | null }) {
  const { id, tenant, name, scope, createdAt, lastUsedAt } = key;
  return [id, tenant, name, scope, createdAt, lastUsedAt ?? 'never'];
}

/** To the second. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function nameArgument(text: string): string {
  if (/^[^\p{C}]{1,100}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must have 1 to 100 characters, without control characters.');
}

/** The ID, alone or with the beginning of the key. Of a whole key only the ID is used. */
function idArgument(text: string): string {
  const [, id] = /^(?:parley_)?([0-9a-f]{12})(?:_.*)?$/.exec(text) ?? [];
  if (id !== undefined) return id;
  throw new InvalidArgumentError('An ID consists of 12 digits and letters from a to f.');
}
