import { runChaos } from '../test/chaos/run-chaos.ts';
import { scriptOptions, seedOf, wholeNumber } from './script-options.ts';

const options = scriptOptions({
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string' },
  sessions: { type: 'string', default: '30' },
  'hostile-sockets': { type: 'string', default: '0' },
});
const seed = seedOf(options.seed);
const seconds = wholeNumber('seconds', options.seconds, 1, 100_000);
const sessions = wholeNumber('sessions', options.sessions, 1, 10_000);
const hostileSockets = wholeNumber('hostile-sockets', options['hostile-sockets'], 0, 10_000);
const startedAtMs = performance.now();
const tell = (line: string): void => {
  console.log(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s: ${line}`);
};
tell(`seed ${seed}`);
const { violations, keysWithoutExpiry, ...counts } = await runChaos({ seed, seconds, sessions, hostileSockets, tell });
tell(JSON.stringify(counts));
for (const violation of violations) console.log(violation);
for (const key of keysWithoutExpiry) console.log(`session key without expiry: ${key}`);
process.exitCode = violations.length + keysWithoutExpiry.length > 0 ? 1 : 0;
