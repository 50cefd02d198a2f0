import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const address = '192.168.78.5';
/** A network with this machine and nobody else; it is gone when the commands have ended. */
const network = [
  'ip link set lo up',
  'ip link add network type veth peer name nobody',
  `ip address add ${address}/24 dev network`,
  'ip link set network up',
  'ip link set nobody up',
].join('\n');
const inNetwork = (commands: string): [string, string[]] => [
  'unshare',
  ['--map-root-user', '--net', 'bash', '-ec', `${network}\n${commands}`],
];

const hasNetworks = spawnSync(...inNetwork('true')).status === 0;
if (!hasNetworks) console.warn('the tutorial is not run: this machine can make no network (unshare, iproute2)');

(hasNetworks ? it : it.skip)(
  'docs/tutorials/captions-for-sunday.md holds a service, with the same link a week later',
  async () => {
    const service = fileURLToPath(new URL('sunday-service.ts', import.meta.url));
    const [program, parameters] = inNetwork(`exec '${process.execPath}' '${service}' ${address}`);
    const { stdout } = await promisify(execFile)(program, parameters, { timeout: 300_000 });
    expect(stdout).toContain('two services were held');
  },
  310_000,
);
