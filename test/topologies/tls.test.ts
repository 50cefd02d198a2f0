import { expect, it } from '@jest/globals';
import { startStack } from '../harness/index.ts';
import { startSpeaker } from '../harness/speaker.ts';
import {
  aclOfParley,
  createTlsSettings,
  dangerousOfParley,
  freePort,
  infoField,
  startRedisProcess,
} from '../harness/topologies/index.ts';
import { until } from '../harness/until.ts';

const password = 'of-these-tests';

async function expectTranslation(redis: Readonly<Record<string, string>>, env = {}): Promise<void> {
  await using stack = await startStack({ topology: { env: redis }, env });
  await using speaker = await startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] });
  await speaker.session.sendFinal({ segmentId: 1, text: 'hello' });
  const final = await speaker.waitForMessage(({ type }) => type === 'translation.final');
  expect(final).toMatchObject({ segmentId: 1, text: '[es] hello' });
  await speaker.end();
}

it('sessions run with a cluster whose certificates are valid for the names of its nodes only, and an ACL user', async () => {
  await using resources = new AsyncDisposableStack();
  const { settings, caFile, tls } = await createTlsSettings(resources, []);
  const node = resources.use(
    await startRedisProcess({
      tls: true,
      settings: {
        ...settings,
        user: [
          'default off',
          `admin on >${password} ~* &* +@all`,
          `parley ${[...aclOfParley, ...dangerousOfParley].join(' ')}`,
        ],
        'tls-cluster': 'yes',
        'cluster-enabled': 'yes',
        'cluster-port': String(await freePort()),
        'cluster-announce-hostname': 'localhost',
        'cluster-preferred-endpoint-type': 'hostname',
      },
      access: { username: 'admin', password, tls },
    }),
  );
  const connection = node.connect();
  await connection.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await until('the cluster serves all slots', async () =>
    ((await connection.call('CLUSTER', 'INFO')) as string).includes('cluster_state:ok'),
  );
  await expectTranslation({
    REDIS_URL: 'rediss://parley:a%23secret@any',
    REDIS_CLUSTER: `localhost:${node.port}`,
    REDIS_CA_FILE: caFile,
  });
}, 120_000);

it('sessions run with sentinels and a master with TLS, whose replica confirms finals', async () => {
  await using resources = new AsyncDisposableStack();
  const { settings, caFile, tls } = await createTlsSettings(resources);
  const start = async (more: Record<string, string | string[]>, mode: 'server' | 'sentinel' = 'server') => {
    const all = { ...settings, 'tls-replication': 'yes', requirepass: password, ...more };
    return resources.use(await startRedisProcess({ tls: true, mode, settings: all, access: { password, tls } }));
  };
  const server = { masterauth: password, 'repl-diskless-sync-delay': '0' };
  const master = await start(server);
  await start({ ...server, replicaof: `127.0.0.1 ${master.port}` });
  const primary = master.connect();
  await until('the replica follows', async () => (await primary.info('replication')).includes('state=online'));
  const watched = [`monitor parley 127.0.0.1 ${master.port} 1`, `auth-pass parley ${password}`];
  const sentinel = await start({ sentinel: watched }, 'sentinel');
  const asked = sentinel.connect();
  await until('the sentinel knows the master', async () =>
    ((await infoField(asked, 'sentinel', 'master0')) ?? '').includes('status=ok'),
  );
  await expectTranslation(
    {
      REDIS_URL: `rediss://:${password}@any`,
      REDIS_SENTINELS: `localhost:${sentinel.port}`,
      REDIS_SENTINEL_MASTER: 'parley',
      REDIS_SENTINEL_PASSWORD: password,
      REDIS_CA_FILE: caFile,
    },
    { ACCEPT_WAIT_REPLICAS: '1' },
  );
}, 120_000);
