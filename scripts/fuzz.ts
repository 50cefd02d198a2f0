import { parseArgs } from 'node:util';
import { runFuzz } from '../test/fuzz/run-fuzz.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    sockets: { type: 'string', default: '60' },
  },
});
console.log(`seed ${values.seed}`);
const { problems, ...report } = await runFuzz({
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  sockets: Number(values.sockets),
  tell: (line) => console.log(line),
});
console.log(JSON.stringify(report));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
