import { runFuzz } from '../test/fuzz/run-fuzz.ts';
import { scriptOptions, seedOf, wholeNumber } from './script-options.ts';

const options = scriptOptions({
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string' },
  sockets: { type: 'string', default: '60' },
});
const seed = seedOf(options.seed);
const seconds = wholeNumber('seconds', options.seconds, 1, 100_000);
const sockets = wholeNumber('sockets', options.sockets, 1, 10_000);
console.log(`seed ${seed}`);
const { problems, ...report } = await runFuzz({ seed, seconds, sockets, tell: (line) => console.log(line) });
console.log(JSON.stringify(report));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
