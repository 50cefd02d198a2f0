import { parseArgs } from 'node:util';
import { runChaos } from '../test/chaos/run-chaos.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    sessions: { type: 'string', default: '30' },
    'hostile-sockets': { type: 'string', default: '0' },
  },
});
const startedAtMs = performance.now();
const tell = (line: string): void => {
  console.log(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s: ${line}`);
};
tell(`seed ${values.seed}`);
const { violations, keysWithoutExpiry, ...counts } = await runChaos({
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  sessions: Number(values.sessions),
  hostileSockets: Number(values['hostile-sockets']),
  tell,
});
tell(JSON.stringify(counts));
for (const violation of violations) console.log(violation);
for (const key of keysWithoutExpiry) console.log(`session key without expiry: ${key}`);
process.exitCode = violations.length + keysWithoutExpiry.length > 0 ? 1 : 0;
